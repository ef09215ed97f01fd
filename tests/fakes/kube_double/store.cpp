// SPDX-License-Identifier: Apache-2.0
#include "fakes/kube_double/store.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "fakes/kube_double/parse.hpp"
#include "fakes/kube_double/validate.hpp"

namespace kms_secretd::fakes::kube {
namespace {

namespace json = boost::json;

constexpr std::size_t maxEvents = 10'000;
constexpr char const* modified =
    "the object has been modified; please apply your changes to the latest version and try again";

std::string newUid() {
  std::array<unsigned char, 16> bytes{};
  RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  std::string uid;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) uid += '-';
    char hex[3];
    std::snprintf(hex, sizeof hex, "%02x", bytes[i]);
    uid += hex;
  }
  return uid;
}

/// The identity that `next` claims must be that of `live`.
std::optional<Status> whyNotSame(Secret const& next, std::optional<Secret> const& live) {
  if (!live) {
    if (next.uid.empty()) return std::nullopt;
    return conflict("secrets", next.name,
                    "uid mismatch: the provided object specified uid " + next.uid +
                        ", and no existing object was found");
  }
  if (!next.resourceVersion.empty() && next.resourceVersion != live->resourceVersion) {
    return conflict("secrets", next.name, modified);
  }
  if (!next.uid.empty() && next.uid != live->uid) {
    Cause const cause{"FieldValueInvalid", "metadata.uid",
                      "Invalid value: \"" + next.uid + "\": field is immutable"};
    auto status = invalid(next.name, {cause});
    status.causes = {cause, cause};  // the server says it twice, in its sentence once
    return status;
  }
  return std::nullopt;
}

/// `next` with the identity, version and life of `live`.
Secret withIdentityOf(Secret next, Secret const& live) {
  next.uid = live.uid;
  next.resourceVersion = live.resourceVersion;
  next.creationTimestamp = live.creationTimestamp;
  next.deletionTimestamp = live.deletionTimestamp;
  return next;
}

std::string managerOr(Write const& write) {
  return write.manager.empty() ? "unknown" : write.manager;
}

}  // namespace

bool ListQuery::selects(Secret const& secret) const {
  if (!namespaceName.empty() && secret.namespaceName != namespaceName) return false;
  if (!name.empty() && secret.name != name) return false;
  if (labelName.empty()) return true;
  auto const at = secret.labels.find(labelName);
  return at != secret.labels.end() && at->second == labelValue;
}

Store::Store() : namespaces_{{"default", "Active"}, {"kube-system", "Active"}} {}

std::optional<Secret> Store::find(Name const& name) const {
  auto const at = secrets_.find(name);
  return at == secrets_.end() ? std::nullopt : std::optional(at->second);
}

std::optional<Status> Store::whyNotCreated(Name const& name) const {
  auto const at = namespaces_.find(name.first);
  if (at == namespaces_.end()) return notFound("namespaces", name.first);
  if (at->second == "Terminating") return namespaceTerminating(name.first, name.second);
  return std::nullopt;
}

void Store::erase(Secret const& live) {
  auto last = live;
  last.resourceVersion = std::to_string(++revision_);
  secrets_.erase({live.namespaceName, live.name});
  events_.push_back({revision_, last, std::nullopt});
}

Written Store::commit(Secret next, std::optional<Secret> const& live) {
  Written written;
  written.created = !live;
  if (live && live->sameContent(next)) {
    written.secret = *live;
    return written;
  }
  if (live && !live->deletionTimestamp.empty() && next.finalizers.empty()) {
    erase(*live);
    written.secret = std::move(next);
    written.deleted = true;
  } else {
    next.resourceVersion = std::to_string(++revision_);
    secrets_[{next.namespaceName, next.name}] = next;
    events_.push_back({revision_, live, next});
    written.secret = std::move(next);
  }
  if (events_.size() > maxEvents) {
    compacted_ = events_.front().revision;
    events_.pop_front();
  }
  changed_.notify_all();
  return written;
}

Store::Result<Written> Store::checkAndCommit(Secret next, std::optional<Secret> const& live,
                                             bool dryRun) {
  if (!live) {
    if (auto why = whyNotCreated({next.namespaceName, next.name})) return *why;
  }
  auto const causes = validate(next, live);
  if (!causes.empty()) return invalid(next.name, causes);
  if (live) {
    next = withIdentityOf(std::move(next), *live);
  } else {
    next.uid = newUid();
    next.resourceVersion.clear();
    next.creationTimestamp = nowText();
  }
  if (!dryRun) return commit(std::move(next), live);
  Written written;
  written.created = !live;
  written.secret = std::move(next);
  return written;
}

Store::Result<Secret> Store::get(Name const& name) const {
  Lock const lock(mutex_);
  if (auto found = find(name)) return *found;
  return notFound("secrets", name.second);
}

Store::Result<Written> Store::apply(Write const& write) {
  auto parsed = parseBody(write.body, {write.name.first, write.name.second, true});
  if (auto* status = std::get_if<Status>(&parsed)) return *status;
  auto const& config = std::get<Body>(parsed).secret;
  Lock const lock(mutex_);
  auto const live = find(write.name);
  auto merged = applyOver(live, config, {write.manager, write.force});
  if (auto* status = std::get_if<Status>(&merged)) return *status;
  auto& next = std::get<Secret>(merged);
  next.namespaceName = write.name.first;
  next.name = write.name.second;
  if (auto why = whyNotSame(config, live)) return *why;
  return checkAndCommit(std::move(next), live, write.dryRun);
}

Store::Result<Written> Store::create(Write const& write) {
  auto parsed = parseBody(write.body, {write.name.first, "", false});
  if (auto* status = std::get_if<Status>(&parsed)) return *status;
  auto& body = std::get<Body>(parsed);
  if (!body.secret.resourceVersion.empty()) {
    return internalError("resourceVersion should not be set on objects to be created");
  }
  Lock const lock(mutex_);
  Name const name{write.name.first, body.secret.name};
  if (auto why = whyNotCreated(name)) return *why;
  if (find(name)) return alreadyExists("secrets", name.second);
  auto next = updateOver(std::nullopt, std::move(body), {managerOr(write), false});
  return checkAndCommit(std::move(next), std::nullopt, write.dryRun);
}

Store::Result<Written> Store::replace(Write const& write) {
  auto parsed = parseBody(write.body, {write.name.first, write.name.second, false});
  if (auto* status = std::get_if<Status>(&parsed)) return *status;
  Lock const lock(mutex_);
  auto const live = find(write.name);
  if (!live) return notFound("secrets", write.name.second);
  auto& body = std::get<Body>(parsed);
  if (auto why = whyNotSame(body.secret, live)) return *why;
  auto next = updateOver(live, std::move(body), {managerOr(write), false});
  return checkAndCommit(std::move(next), live, write.dryRun);
}

Store::Result<Written> Store::patch(Write const& write) {
  boost::system::error_code error;
  auto const change = json::parse(write.body, error);
  if (error || !change.is_object()) return badRequest("invalid character in the patch");
  Lock const lock(mutex_);
  auto const live = find(write.name);
  if (!live) return notFound("secrets", write.name.second);
  json::value merged = fullJson(*live);
  mergePatch(merged, change);
  auto parsed = parseBody(json::serialize(merged), {write.name.first, write.name.second, false});
  if (auto* status = std::get_if<Status>(&parsed)) return *status;
  auto& body = std::get<Body>(parsed);
  if (auto why = whyNotSame(body.secret, live)) return *why;
  auto next = updateOver(live, std::move(body), {managerOr(write), false});
  return checkAndCommit(std::move(next), live, write.dryRun);
}

Store::Result<Written> Store::remove(Name const& name, DeletePreconditions const& preconditions,
                                     bool dryRun) {
  Lock const lock(mutex_);
  auto const live = find(name);
  if (!live) return notFound("secrets", name.second);
  if (!preconditions.uid.empty() && preconditions.uid != live->uid) {
    return conflict("Secret", name.second,
                    "the UID in the precondition (" + preconditions.uid +
                        ") does not match the UID in record (" + live->uid +
                        "). The object might have been deleted and then recreated");
  }
  if (!preconditions.resourceVersion.empty() &&
      preconditions.resourceVersion != live->resourceVersion) {
    return conflict("Secret", name.second,
                    "the ResourceVersion in the precondition (" + preconditions.resourceVersion +
                        ") does not match the ResourceVersion in record (" + live->resourceVersion +
                        "). The object might have been modified");
  }
  Written written;
  written.secret = *live;
  written.deleted = live->finalizers.empty();
  if (dryRun) return written;
  if (!written.deleted) {
    auto next = *live;
    if (next.deletionTimestamp.empty()) next.deletionTimestamp = nowText();
    return commit(std::move(next), live);
  }
  erase(*live);
  changed_.notify_all();
  return written;
}

}  // namespace kms_secretd::fakes::kube
