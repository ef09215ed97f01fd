// SPDX-License-Identifier: Apache-2.0
// contract-kube: every row of the write table against an API server, through the daemon's own code.
// KMS_SECRETD_CONTRACT_KUBECONFIG names a server and its administrator; without it the in-tree
// double is started. Both must pass: the double may not do what the real one was not seen doing.
#include <exception>
#include <iostream>

#include "cluster.hpp"

#include <CppUTest/CommandLineTestRunner.h>
#include <CppUTest/MemoryLeakWarningPlugin.h>

int main(int argc, char** argv) {
  MemoryLeakWarningPlugin::turnOffNewDeleteOverloads();
  try {
    kms_secretd::contract::Cluster cluster;
    kms_secretd::contract::use(cluster);
    std::cout << "contract against " << cluster.description() << "\n";
    return RUN_ALL_TESTS(argc, argv) == 0 ? 0 : 1;
  } catch (std::exception const& error) {
    std::cerr << "contract-kube: " << error.what() << "\n";
    return 1;
  }
}
