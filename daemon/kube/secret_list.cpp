// SPDX-License-Identifier: Apache-2.0
#include "kube/secret_list.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "kube/json_items.hpp"
#include "kube/json_read.hpp"
#include "kube/object_meta.hpp"
#include "kube/reply_sink.hpp"
#include "kube/status_error.hpp"

namespace kms_secretd::kube {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr sdk::Milliseconds longestSilence = 15s;
constexpr int maxPages = 20'000;

class Pages final : public JsonItemSink {
 public:
  explicit Pages(SecretVisitor const& visitor) : visitor_(visitor) {}

  bool onItem(json::object const& item) override {
    auto const* const metadata = metadataOf(item);
    auto const observed = metadata == nullptr ? std::nullopt : observedOf(*metadata);
    if (!observed) return false;
    visitor_(textOf(*metadata, "name"), *observed);
    return true;
  }
  bool onListMetadata(json::object const& metadata) override {
    next_ = textOf(metadata, "continue");
    return true;
  }
  [[nodiscard]] std::string takeNext() { return std::exchange(next_, {}); }

 private:
  SecretVisitor const& visitor_;
  std::string next_{};
};

}  // namespace

core::KubeResult<bool> SecretList::read(WatchScope const& scope, SecretVisitor const& visitor,
                                        apply::KubeCall const& call) const {
  Asked const asked{.verb = "list", .namespaceName = scope.namespaceName};
  Pages pages(visitor);
  std::string token;
  for (int page = 0; page < maxPages; ++page) {
    auto request = listRequest(scope, token);
    auto way = connection_->way();
    request.target.insert(0, way.pathPrefix);
    std::ranges::move(way.headers, std::back_inserter(request.headers));
    request.deadline = clock_.boot() + connection_->cluster().timeout;
    request.cancellation = call.cancellation;
    JsonItems items(JsonItems::Shape::list, pages);
    ReplySink sink(items, [] {});
    auto const end = way.transport->stream(request, longestSilence, sink);
    auto const& response = sink.response();
    if (response.status == 401) connection_->expectChange();
    if (!end) return failureOf(end.failure(), asked, call);
    if (response.status != 200) {
      return failureOf(response, {.asked = asked, .now = clock_.wall()});
    }
    if (sink.refused() || !items.whole()) return unreadable(200, asked);
    token = pages.takeNext();
    if (token.empty()) return true;
  }
  return unreadable(200, asked);
}

}  // namespace kms_secretd::kube
