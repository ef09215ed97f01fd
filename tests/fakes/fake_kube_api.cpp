// SPDX-License-Identifier: Apache-2.0
#include "fakes/fake_kube_api.hpp"

namespace kms_secretd::fakes {
namespace {

using apply::KubeCall;
using core::KubeFailure;
using core::KubeResult;
using core::Observed;

std::string joined(std::vector<std::string> const& words) {
  std::string text;
  for (auto const& word : words) text += (text.empty() ? "" : ",") + word;
  return text;
}

std::string preconditions(std::string const& uid, std::string const& resourceVersion) {
  return (uid.empty() ? "" : " uid=" + uid) +
         (resourceVersion.empty() ? "" : " rv=" + resourceVersion);
}

std::string applyText(FakeKubeApi::Call const& call) {
  std::vector<std::string> keys;
  for (auto const& [key, value] : call.data) keys.push_back(key);
  std::string text = "apply";
  if (call.apply.dryRun) text += " dry";
  if (call.apply.force) text += " force";
  text += preconditions(call.apply.uid, call.apply.resourceVersion);
  return keys.empty() ? text : text + " keys=" + joined(keys);
}

FakeKubeApi::Call changeCall(std::string verb, apply::KeyChange const& change,
                             KubeCall const& call) {
  FakeKubeApi::Call made;
  made.verb = std::move(verb);
  made.target = change.target;
  made.change = change;
  made.cancellable = call.cancellation != nullptr;
  return made;
}

}  // namespace

std::string FakeKubeApi::Call::text() const {
  if (verb == "apply") return applyText(*this);
  auto const text = verb + preconditions(change.uid, change.resourceVersion);
  return change.keys.empty() ? text : text + " keys=" + joined(change.keys);
}

void FakeKubeApi::willObserve(KubeResult<Observed> answer) {
  std::scoped_lock const lock(mutex_);
  observes_.push_back(std::move(answer));
}
void FakeKubeApi::willApply(KubeResult<apply::ApplyReply> answer) {
  std::scoped_lock const lock(mutex_);
  applies_.push_back(std::move(answer));
}
void FakeKubeApi::willRelease(KubeResult<Observed> answer) {
  std::scoped_lock const lock(mutex_);
  releases_.push_back(std::move(answer));
}
void FakeKubeApi::willRemoveKeys(KubeResult<Observed> answer) {
  std::scoped_lock const lock(mutex_);
  keyRemovals_.push_back(std::move(answer));
}
void FakeKubeApi::willRemove(KubeResult<bool> answer) {
  std::scoped_lock const lock(mutex_);
  removals_.push_back(std::move(answer));
}

std::vector<FakeKubeApi::Call> FakeKubeApi::calls() const {
  std::scoped_lock const lock(mutex_);
  return calls_;
}

std::string FakeKubeApi::log() const {
  std::string log;
  for (auto const& call : calls()) log += (log.empty() ? "" : "\n") + call.text();
  return log;
}

template <class T>
KubeResult<T> FakeKubeApi::next(Script<T>& script, Call call) {
  std::scoped_lock const lock(mutex_);
  calls_.push_back(std::move(call));
  if (script.empty()) {
    KubeFailure failure;
    failure.kind = core::KubeFailureKind::unavailable;
    failure.message = "the test scripted no answer for " + calls_.back().text();
    return failure;
  }
  auto answer = std::move(script.front());
  script.pop_front();
  return answer;
}

KubeResult<Observed> FakeKubeApi::observe(core::TargetId const& target, KubeCall const& call) {
  Call made;
  made.verb = "observe";
  made.target = target;
  made.cancellable = call.cancellation != nullptr;
  return next(observes_, std::move(made));
}

KubeResult<apply::ApplyReply> FakeKubeApi::apply(apply::ApplyRequest const& request,
                                                 KubeCall const& call) {
  Call made;
  made.verb = "apply";
  made.target = request.target;
  made.apply = request;
  made.apply.data = {};
  for (auto const& [key, value] : request.data) made.data.emplace_back(key, value.reveal());
  made.cancellable = call.cancellation != nullptr;
  return next(applies_, std::move(made));
}

KubeResult<Observed> FakeKubeApi::releaseKeys(apply::KeyChange const& change,
                                              KubeCall const& call) {
  return next(releases_, changeCall("releaseKeys", change, call));
}

KubeResult<Observed> FakeKubeApi::removeKeys(apply::KeyChange const& change, KubeCall const& call) {
  return next(keyRemovals_, changeCall("removeKeys", change, call));
}

KubeResult<bool> FakeKubeApi::remove(apply::KeyChange const& change, KubeCall const& call) {
  return next(removals_, changeCall("remove", change, call));
}

}  // namespace kms_secretd::fakes
