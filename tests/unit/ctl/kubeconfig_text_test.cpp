// SPDX-License-Identifier: Apache-2.0
#include "ctl/kubeconfig_text.hpp"

#include <string>

#include "kube/kubeconfig.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;
using ctl::kubeconfigText;

TEST_GROUP(KubeconfigText){static kube::Kubeconfig readBack(ctl::KubeconfigParts const& parts){
    return kube::parseKubeconfig(kubeconfigText(parts), "/etc/kubernetes/kms-secretd.conf", "");
}
}
;

TEST(KubeconfigText, IsReadByTheDaemonWithACertificate) {
  auto const config = readBack({.server = "https://k8s.example:6443",
                                .authorityPem = "-----BEGIN CERTIFICATE-----\nAA==\n",
                                .certificateFile = "/etc/kms-secretd/client.crt",
                                .keyFile = "/etc/kms-secretd/client.key"});
  STRCMP_EQUAL("k8s.example", config.host.c_str());
  CHECK_EQUAL(6443, config.port);
  STRCMP_EQUAL("/etc/kms-secretd/client.crt", config.clientCertificate.path.c_str());
  STRCMP_EQUAL("/etc/kms-secretd/client.key", config.clientKey.path.c_str());
  STRCMP_EQUAL("-----BEGIN CERTIFICATE-----\nAA==\n",
               std::string(config.authority.text.reveal()).c_str());
}

TEST(KubeconfigText, IsReadByTheDaemonWithATokenAndTheSystemsRoots) {
  auto const config =
      readBack({.server = "https://10.0.0.1", .tokenFile = "/var/lib/kms-secretd/token"});
  STRCMP_EQUAL("/var/lib/kms-secretd/token", config.token.path.c_str());
  CHECK_FALSE(config.authority.given());
}
