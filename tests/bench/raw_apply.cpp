// SPDX-License-Identifier: Apache-2.0
// raw-apply PORT CA CERTIFICATE KEY NAMESPACE COUNT PARALLEL: applies that many Secrets of one key
// over so many connections, each in a loop, with nothing else to do: the floor of a first sync.
#include <atomic>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "raw_https.hpp"

namespace {

using namespace kms_secretd::bench;

std::string requestFor(std::string const& namespaceName, int number) {
  auto const name = "raw-" + std::to_string(number);
  auto const body =
      R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":")" + name +
      R"(","labels":{"kms-secretd.io/instance":"raw","app.kubernetes.io/managed-by":"raw"},)"
      R"("annotations":{"kms-secretd.io/store":"shared","kms-secretd.io/sources":"a v1",)"
      R"("kms-secretd.io/keys":"value","kms-secretd.io/definition":"0123456789abcdef",)"
      R"("kms-secretd.io/on-delete":"retain"}},"type":"Opaque","data":{"value":"dmFsdWUgMQ=="}})";
  return "PATCH /api/v1/namespaces/" + namespaceName + "/secrets/" + name +
         "?fieldManager=raw HTTP/1.1\r\nHost: 127.0.0.1\r\n"
         "Content-Type: application/apply-patch+yaml\r\n"
         "Accept: application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1\r\n"
         "Content-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

void applyAll(RawPeer const& peer, std::string const& namespaceName, int count, int parallel) {
  auto const context = rawContext(peer);
  std::atomic<int> next{0};
  std::atomic<bool> failed{false};
  std::vector<std::thread> threads;
  for (int i = 0; i < parallel; ++i) {
    threads.emplace_back([&] {
      try {
        RawConnection connection(context.get(), peer.port);
        for (int n = next++; n < count; n = next++) {
          if (connection.exchange(requestFor(namespaceName, n)) != 201) failed = true;
        }
      } catch (std::exception const&) {
        failed = true;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  if (failed) throw std::runtime_error("an apply did not create its Secret");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 8) {
    std::cerr << "usage: raw-apply PORT CA CERTIFICATE KEY NAMESPACE COUNT PARALLEL\n";
    return 2;
  }
  try {
    applyAll({.port = argv[1], .caFile = argv[2], .certificate = argv[3], .key = argv[4]}, argv[5],
             std::atoi(argv[6]), std::atoi(argv[7]));
  } catch (std::exception const& error) {
    std::cerr << "raw-apply: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
