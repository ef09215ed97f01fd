// SPDX-License-Identifier: Apache-2.0
#include "ctl/cluster_client.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <utility>

#include "ctl/build_info.hpp"
#include "kube/json_read.hpp"
#include "kube/kubeconfig.hpp"
#include "kube/login.hpp"

namespace kms_secretd::ctl {
namespace {

using namespace std::chrono_literals;

constexpr sdk::Milliseconds patience = 30s;

std::string sentence(core::KubeFailure const& failure) {
  return failure.remedy.empty() ? failure.message : failure.message + "; " + failure.remedy;
}

template <class Body>
auto readable(Body body) {
  try {
    return body();
  } catch (kube::KubeconfigError const& error) {
    throw ClusterError(std::string("kubeconfig: ") + error.what());
  }
}

}  // namespace

ClusterClient::ClusterClient(std::string kubeconfig, std::string context)
    : config_{.kubeconfig = std::move(kubeconfig), .context = std::move(context)},
      transports_(clock_, stop_),
      connection_(readable([this] {
        return std::make_unique<kube::Connection>(
            config_, kube::ConnectionSettings{
                         .open = [this](auto const& spec) { return transports_.open(spec); },
                         .clock = &clock_,
                         .userAgent = std::string("kms-secretctl/") + buildVersion});
      })),
      authority_(readable([this] {
        auto const file = kube::loadKubeconfig(config_.kubeconfig, config_.context);
        return kube::readTransportSpec(file).rootsPem;
      })) {}

sdk::HttpResponse ClusterClient::send(ClusterRequest const& request,
                                      std::initializer_list<int> also) {
  auto way = connection_->way();
  sdk::HttpRequest http;
  http.method = request.method;
  http.target = way.pathPrefix + request.path;
  http.headers = std::move(way.headers);
  http.headers.push_back({.name = "Accept", .value = "application/json"});
  if (request.body) {
    http.headers.push_back({.name = "Content-Type", .value = "application/json"});
    http.body = sdk::SecretBytes(boost::json::serialize(*request.body));
  }
  http.idempotent = request.method == "GET";
  apply::KubeCall const call{.deadline = clock_.boot() + patience};
  http.deadline = call.deadline;
  auto response = way.transport->send(http);
  if (!response)
    throw ClusterError(sentence(kube::failureOf(response.failure(), request.asked, call)));
  auto const status = response.value().status;
  auto const good = status == 200 || status == 201 || std::ranges::find(also, status) != also.end();
  if (good) return std::move(response).value();
  throw ClusterError(sentence(kube::failureOf(
      response.value(), {.asked = request.asked, .now = clock_.wall(), .hidden = {}})));
}

boost::json::object ClusterClient::ask(ClusterRequest const& request) {
  return objectIn(send(request));
}

boost::json::object objectIn(sdk::HttpResponse const& response) {
  auto document = kube::parseJson(response.body.reveal());
  if (!document || !document->is_object()) {
    throw ClusterError("the API server answered what is no JSON object; is it one?");
  }
  return std::move(document->get_object());
}

}  // namespace kms_secretd::ctl
