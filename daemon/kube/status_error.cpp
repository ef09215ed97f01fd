// SPDX-License-Identifier: Apache-2.0
#include "kube/status_error.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>

#include "kube/dates.hpp"
#include "kube/status.hpp"
#include "platform/wait.hpp"

namespace kms_secretd::kube {
namespace {

using core::KubeFailureKind;

constexpr std::size_t maxShown = 300;
constexpr std::size_t maxConflicts = 50;
constexpr std::chrono::milliseconds maxRetryAfter = std::chrono::hours(1);

std::string printable(std::string_view text) {
  std::string shown(text.substr(0, maxShown));
  // Half a character at the cut is no character.
  if (text.size() > maxShown) {
    while (!shown.empty() && (static_cast<unsigned char>(shown.back()) & 0x80U) != 0)
      shown.pop_back();
    shown += "...";
  }
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return shown;
}

bool mentions(std::string_view text, std::string_view what) {
  return text.find(what) != std::string_view::npos;
}

bool hasField(Status const& status, std::string_view field) {
  return std::ranges::find(status.causes, field, &StatusCause::field) != status.causes.end();
}

KubeFailureKind kindOf403(Status const& status) {
  if (status.hasCause("NamespaceTerminating")) return KubeFailureKind::namespace_absent;
  // The server knew no login in the request and judged it as nobody's.
  if (mentions(status.message, "\"system:anonymous\"")) return KubeFailureKind::unauthenticated;
  return KubeFailureKind::forbidden;
}

KubeFailureKind kindOf422(Status const& status) {
  if (hasField(status, "metadata.uid")) return KubeFailureKind::changed;
  if (hasField(status, "type") || mentions(status.message, "immutable")) {
    return KubeFailureKind::type_differs;
  }
  return KubeFailureKind::invalid;
}

KubeFailureKind kindOf404(Status const& status) {
  return status.kind == "namespaces" ? KubeFailureKind::namespace_absent : KubeFailureKind::changed;
}

KubeFailureKind kindOf409(Status const& status) {
  return status.conflicts().empty() ? KubeFailureKind::changed : KubeFailureKind::contested;
}

// Those that mean the same with and without a Status.
std::optional<KubeFailureKind> kindOfCode(int code) {
  if (code == 401) return KubeFailureKind::unauthenticated;
  if (code == 429) return KubeFailureKind::throttled;
  if (code == 504) return KubeFailureKind::timed_out;
  if (code >= 500) return KubeFailureKind::unavailable;
  return std::nullopt;
}

KubeFailureKind kindOf(int code, Status const& status) {
  if (auto const kind = kindOfCode(code)) return *kind;
  switch (code) {
    case 403:
      return kindOf403(status);
    case 404:
      return kindOf404(status);
    case 409:
      return kindOf409(status);
    case 422:
      return kindOf422(status);
    case 406:
    case 415:
      return KubeFailureKind::invalid_response;
    default:
      return code >= 400 ? KubeFailureKind::invalid : KubeFailureKind::invalid_response;
  }
}

KubeFailureKind kindWithoutStatus(int code) {
  if (auto const kind = kindOfCode(code)) return *kind;
  return code == 403 ? KubeFailureKind::forbidden : KubeFailureKind::invalid_response;
}

std::string rbacRemedy(Asked const& asked) {
  std::string where = asked.namespaceName.empty() ? "" : " in namespace " + asked.namespaceName;
  std::string const what = asked.name.empty() ? "" : " named " + asked.name;
  return "allow the daemon's user to " + asked.verb + " " + asked.resource + what + where +
         ": `kms-secretd --print-rbac` prints the Roles that it needs";
}

std::string remedyOf403(Status const& status, Asked const& asked) {
  bool const byRbac = status.message.empty() || mentions(status.message, " cannot ");
  return byRbac ? rbacRemedy(asked) : "ask whoever set the admission rule or quota that it names";
}

std::string remedyOf(KubeFailureKind kind, Asked const& asked) {
  switch (kind) {
    case KubeFailureKind::changed:
      return "nothing: it is observed again at once";
    case KubeFailureKind::contested:
      return "stop the other manager from writing these fields, or take the keys out of one of the "
             "two definitions";
    case KubeFailureKind::type_differs:
      return "set recreate = true to have it deleted and made anew, or delete the Secret by hand";
    case KubeFailureKind::invalid:
      return "mend the definition of this secret; nothing was written";
    case KubeFailureKind::namespace_absent:
      return "create namespace " + asked.namespaceName + ", or correct the definition";
    case KubeFailureKind::unauthenticated:
      return "renew the client certificate or the token that the kubeconfig names";
    case KubeFailureKind::throttled:
      return "nothing: it is tried again later; if it lasts, see the server's flow control";
    case KubeFailureKind::unavailable:
    case KubeFailureKind::timed_out:
      return "check that the API server and its etcd are healthy";
    case KubeFailureKind::invalid_response:
      return "check that server in the kubeconfig is a Kubernetes API server, 1.20 or later";
    default:
      return "";
  }
}

std::string remedyFor(KubeFailureKind kind, Status const& status, Asked const& asked) {
  return kind == KubeFailureKind::forbidden ? remedyOf403(status, asked) : remedyOf(kind, asked);
}

// "metadata.labels: Invalid value ...", but of data only the key: what is wrong with a value tells
// something of the value.
std::string causesText(Status const& status, Hidden const& hidden) {
  std::string text;
  for (auto const& cause : status.causes) {
    bool const bare = cause.field.starts_with("data") || (hidden && hidden(cause.message));
    auto const line = bare ? cause.field : cause.field + ": " + cause.message;
    if (text.find(line) != std::string::npos) continue;
    text += (text.empty() ? "" : "; ") + line;
    if (text.size() > maxShown) break;
  }
  return text;
}

std::string serverText(int code, Status const& status, Hidden const& hidden) {
  if (code == 422 && !status.causes.empty()) return printable(causesText(status, hidden));
  if (hidden && hidden(status.message)) return "(its text repeats a value and is left out)";
  return printable(status.message);
}

std::string sentence(int code, std::string const& detail, Asked const& asked) {
  auto text = "the API server answered " + std::to_string(code) + " to " + asked.verb + " " +
              asked.object();
  return detail.empty() ? text : text + ": " + detail;
}

// Of data the cause names only the field, which does not tell why.
std::string immutableText(Status const& status) {
  bool const immutable = mentions(status.message, "immutable when `immutable` is set");
  return immutable ? " (the Secret is immutable)" : "";
}

sdk::Milliseconds retryAfterOf(std::string_view header, sdk::WallTime now) {
  std::int64_t seconds = 0;
  auto const [end, error] = std::from_chars(header.data(), header.data() + header.size(), seconds);
  sdk::Milliseconds wait{0};
  if (error == std::errc{} && end == header.data() + header.size()) {
    wait = std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, 3600));
  } else if (auto const date = parseHttpDate(header)) {
    wait = *date - now;
  }
  return std::clamp(wait, sdk::Milliseconds{0}, sdk::Milliseconds(maxRetryAfter));
}

std::vector<core::Conflict> shownConflicts(Status const& status) {
  auto conflicts = status.conflicts();
  if (conflicts.size() > maxConflicts) conflicts.resize(maxConflicts);
  for (auto& conflict : conflicts) {
    conflict = {.manager = printable(conflict.manager), .field = printable(conflict.field)};
  }
  return conflicts;
}

KubeFailureKind kindOf(sdk::Failure const& failure, apply::KubeCall const& call) {
  bool const asked = call.cancellation != nullptr && call.cancellation->requested();
  switch (failure.kind) {
    case sdk::FailureKind::timed_out:
      return asked ? KubeFailureKind::cancelled : KubeFailureKind::timed_out;
    case sdk::FailureKind::invalid_response:
      return KubeFailureKind::invalid_response;
    case sdk::FailureKind::invalid_request:
      return KubeFailureKind::invalid;
    case sdk::FailureKind::internal:
      return asked || failure.code == platform::cancelledCode ? KubeFailureKind::cancelled
                                                              : KubeFailureKind::unavailable;
    default:
      return asked ? KubeFailureKind::cancelled : KubeFailureKind::unavailable;
  }
}

}  // namespace

std::string Asked::object() const {
  std::string text = resource;
  if (!namespaceName.empty()) text += " " + namespaceName + (name.empty() ? "" : "/" + name);
  return text;
}

core::KubeFailure failureOf(Status const& status, ReplyContext const& context) {
  auto const kind = kindOf(status.code, status);
  return {.kind = kind,
          .status = status.code,
          .message = sentence(status.code, serverText(status.code, status, context.hidden),
                              context.asked) +
                     immutableText(status),
          .remedy = remedyFor(kind, status, context.asked),
          .conflicts = shownConflicts(status),
          .retryAfter = status.retryAfter};
}

core::KubeFailure failureOf(sdk::HttpResponse const& response, ReplyContext const& context) {
  auto const retryAfter = retryAfterOf(response.header("retry-after"), context.now);
  if (auto status = parseStatus(response.body.reveal())) {
    status->code = response.status;
    status->retryAfter = std::max(status->retryAfter, retryAfter);
    return failureOf(*status, context);
  }
  auto const kind = kindWithoutStatus(response.status);
  return {
      .kind = kind,
      .status = response.status,
      .message = sentence(response.status, "the reply is not a Kubernetes status", context.asked),
      .remedy = remedyFor(kind, {}, context.asked),
      .retryAfter = retryAfter};
}

core::KubeFailure failureOf(sdk::Failure const& failure, Asked const& asked,
                            apply::KubeCall const& call) {
  auto const kind = kindOf(failure, call);
  return {.kind = kind,
          .message = "cannot " + asked.verb + " " + asked.object() + ": " + failure.message,
          .remedy = remedyOf(kind, asked)};
}

core::KubeFailure unreadable(int status, Asked const& asked) {
  return {.kind = KubeFailureKind::invalid_response,
          .status = status,
          .message = sentence(status, "the body is not the metadata that was asked for", asked),
          .remedy = remedyOf(KubeFailureKind::invalid_response, asked)};
}

}  // namespace kms_secretd::kube
