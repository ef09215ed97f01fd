// SPDX-License-Identifier: Apache-2.0
#include "ctl/kubeconfig_text.hpp"

#include <boost/json.hpp>
#include <kms-secretd/secret_bytes.hpp>

#include "ctl/yaml_text.hpp"
#include "kube/base64.hpp"

namespace kms_secretd::ctl {
namespace {

namespace json = boost::json;

constexpr char const* name = "kms-secretd";

json::object clusterOf(KubeconfigParts const& parts) {
  json::object cluster{{"server", parts.server}};
  if (parts.authorityPem.empty()) return cluster;
  sdk::SecretBytes encoded;
  kube::appendBase64(encoded, parts.authorityPem);
  cluster["certificate-authority-data"] = std::string(encoded.reveal());
  return cluster;
}

json::object userOf(KubeconfigParts const& parts) {
  if (!parts.tokenFile.empty()) return {{"tokenFile", parts.tokenFile}};
  return {{"client-certificate", parts.certificateFile}, {"client-key", parts.keyFile}};
}

}  // namespace

std::string kubeconfigText(KubeconfigParts const& parts) {
  json::object const context{{"cluster", name}, {"user", name}};
  return yamlText(json::object{
      {"apiVersion", "v1"},
      {"kind", "Config"},
      {"clusters", json::array{json::object{{"name", name}, {"cluster", clusterOf(parts)}}}},
      {"users", json::array{json::object{{"name", name}, {"user", userOf(parts)}}}},
      {"contexts", json::array{json::object{{"name", name}, {"context", context}}}},
      {"current-context", name}});
}

}  // namespace kms_secretd::ctl
