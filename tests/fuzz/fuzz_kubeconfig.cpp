// SPDX-License-Identifier: Apache-2.0
#include "kube/kubeconfig.hpp"
#include "target.hpp"

namespace kms_secretd::fuzz {

void feed(std::string_view input) {
  try {
    (void)kube::parseKubeconfig(input, "/nowhere/kubeconfig", "");
  } catch (kube::KubeconfigError const&) {
    // The one way in which it may say no.
  }
}

std::vector<std::string_view> seeds() {
  return {R"(apiVersion: v1
kind: Config
current-context: a
clusters:
- name: a
  cluster: {server: "https://127.0.0.1:6443", certificate-authority-data: QUJD}
contexts:
- name: a
  context: {cluster: a, user: a}
users:
- name: a
  user: {token: abc}
)",
          "&a [*a, {? [x] : !!binary QUJD}]\n"};
}

}  // namespace kms_secretd::fuzz
