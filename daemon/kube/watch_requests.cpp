// SPDX-License-Identifier: Apache-2.0
#include "kube/watch_requests.hpp"

#include "kube/requests.hpp"

namespace kms_secretd::kube {
namespace {

std::string selector(WatchScope const& scope) {
  return scope.labelSelector.empty() ? "" : "&labelSelector=" + escaped(scope.labelSelector);
}

sdk::HttpRequest getRequest(std::string target, char const* accept) {
  sdk::HttpRequest request;
  request.target = std::move(target);
  request.headers.push_back({.name = "Accept", .value = accept});
  return request;
}

}  // namespace

sdk::HttpRequest listRequest(WatchScope const& scope, std::string const& continueToken) {
  auto target = secretsPath(scope.namespaceName, "") + "?limit=500" + selector(scope);
  if (!continueToken.empty()) target += "&continue=" + escaped(continueToken);
  return getRequest(std::move(target), acceptMetadataList);
}

sdk::HttpRequest watchRequest(WatchScope const& scope, std::string const& resourceVersion,
                              sdk::Milliseconds lifetime) {
  auto const seconds = std::chrono::duration_cast<std::chrono::seconds>(lifetime).count();
  return getRequest(
      secretsPath(scope.namespaceName, "") + "?watch=1&allowWatchBookmarks=true&resourceVersion=" +
          escaped(resourceVersion) + "&timeoutSeconds=" + std::to_string(seconds) + selector(scope),
      acceptMetadata);
}

}  // namespace kms_secretd::kube
