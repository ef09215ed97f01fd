// SPDX-License-Identifier: Apache-2.0
#include <poll.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include <kms-secretd/plugin.hpp>

#include "bad_plugins/probe_options.hpp"

// The good one among the test plugins: it uses every service of the Host and says in the fetched
// value what it saw. Other names make it misbehave in ways that the host must bear.

namespace {

using namespace kms_secretd::sdk;  // NOLINT(google-build-using-namespace)

std::string number(std::int64_t value) { return std::to_string(value); }

/// The text of a failure where a service failed, so that tests see that too.
std::string shown(Failure const& failure) {
  return std::string(nameOf(failure.kind)) + ": " + failure.message;
}

class Probe final : public Backend {
 public:
  Probe(Options const& options, Host& host) : options_(options), host_(host) {
    if (options.text("text") == "refuse") throw OptionError("text", "\"refuse\" is refused");
    if (options.has("throw")) throw std::runtime_error("thrown by the constructor");
  }

  Result<FetchedSecret> fetch(FetchRequest const& request) noexcept override {
    return guarded([&] { return answer(request); });
  }
  bool lookAtCredentials() noexcept override { return true; }

 private:
  Result<FetchedSecret> answer(FetchRequest const& request) {
    if (request.name == "throws") throw std::runtime_error("thrown by fetch");
    if (request.name == "bad-kind") return badKind();
    if (request.name == "wait") return wait(request);
    if (request.name == "stages") return manyStages();
    FetchedSecret secret{.versionId = "v1", .stages = {"ACSCurrent"}};
    if (request.name == "huge") secret.value.resize(2 * 1024 * 1024);
    if (request.name == "services") secret.value.append(services(request));
    if (request.name == "options") secret.value.append(optionsSeen());
    if (request.name == "everything") describe(secret);
    return secret;
  }

  static Failure badKind() {
    return {.kind = static_cast<FailureKind>(200),
            .code = std::string(1000, 'c'),
            .message = "a\nb\x1b[31mc\xff" + std::string(5000, 'x'),
            .requestId = "r\r1",
            .retryAfter = std::chrono::milliseconds{-5}};
  }

  static FetchedSecret manyStages() { return {.stages = std::vector<std::string>(1000, "stage")}; }

  /// Every field of a result.
  static void describe(FetchedSecret& secret) {
    secret.value.append(std::string_view("bin\0ary", 7));
    secret.dataType = DataType::binary;
    secret.secretType = "Generic";
    secret.nextRotation = "2026-10-01T00:00:00Z";
    secret.rotationState = "Enabled";
    secret.extendedConfig.append("{}");
    secret.requestId = "request-1";
    secret.serverDate = "Tue, 01 Sep 2026 08:00:00 GMT";
  }

  /// Until cancelled or out of time; polls the descriptor of the cancellation.
  Result<FetchedSecret> wait(FetchRequest const& request) const {
    while (!request.cancellation->requested()) {
      auto const left = request.deadline - host_.clock().boot();
      if (left.count() <= 0) return Failure{FailureKind::timed_out, "", "wait timed out", "", {}};
      pollfd waiting{request.cancellation->wakeFd(), POLLIN, 0};
      ::poll(&waiting, 1, static_cast<int>(std::min<std::int64_t>(left.count(), 1000)));
    }
    return Failure{FailureKind::internal, "", "wait was cancelled", "", {}};
  }

  std::string services(FetchRequest const& request) const {
    return "transport=" + transport(request) + "\nsecret=" + source() +
           "\ntoken=" + token(request) +
           "\nboot=" + number(host_.clock().boot().time_since_epoch().count()) +
           "\nwall=" + number(host_.clock().wall().time_since_epoch().count()) +
           "\ncancelled=" + (request.cancellation->requested() ? "yes" : "no") +
           " fd=" + number(request.cancellation->wakeFd()) + "\nagent=" + host_.userAgent() + "\n";
  }

  std::string transport(FetchRequest const& request) const {
    TransportSpec spec;
    spec.host = "probe.example";
    auto opened = host_.openTransport(spec);
    if (!opened) return shown(opened.failure());
    HttpRequest call{.method = "POST", .target = "/probe?x=1"};
    call.headers = {{"user-agent", host_.userAgent()}};
    call.body.append("from the probe");
    call.wantedHeaders = {"x-probe"};
    call.deadline = request.deadline;
    call.cancellation = request.cancellation;
    auto const reply = opened.value()->send(call);
    if (!reply) return shown(reply.failure());
    return number(reply.value().status) + " " + std::string(reply.value().header("x-probe")) + " " +
           std::string(reply.value().body.reveal());
  }

  std::string source() const {
    auto opened = host_.openSecretSource(options_.secret("credential"));
    if (!opened) return shown(opened.failure());
    auto const reading = opened.value()->read();
    if (!reading) return shown(reading.failure());
    return std::string(reading.value().bytes.reveal()) + "#" +
           number(static_cast<std::int64_t>(reading.value().generation));
  }

  std::string token(FetchRequest const& request) const {
    auto const token = host_.serviceAccountToken({.namespaceName = "payments",
                                                  .serviceAccount = "reader",
                                                  .audience = "sts.aliyuncs.com",
                                                  .deadline = request.deadline,
                                                  .cancellation = request.cancellation});
    if (!token) return shown(token.failure());
    return std::string(token.value().token.reveal()) + "@" +
           number(token.value().expiresAt.time_since_epoch().count());
  }

  /// One line for each type of option.
  std::string optionsSeen() const {
    std::string text = "text=" + options_.text("text") +
                       "\nflag=" + (options_.boolean("flag") ? "true" : "false") +
                       "\ncount=" + number(options_.integer("count")) +
                       "\nduration=" + number(options_.duration("duration").count()) +
                       "\nsize=" + number(options_.integer("size")) +
                       "\nmode=" + options_.text("mode") +
                       "\ncredential=" + options_.secret("credential").value + "\nlist=";
    for (auto const& each : options_.list("list")) text += each + ";";
    text += "\nnested=" + options_.table("nested").table("inner").text("leaf") + "\nrows=";
    for (auto const& each : options_.tables("rows")) text += each.text("id") + ";";
    return text + "\n";
  }

  Options options_;
  Host& host_;
};

}  // namespace

KMS_SECRETD_PLUGIN(Probe, "probe", "1.2.3", 8, kms_secretd::bad_plugins::probeOptions);
