// SPDX-License-Identifier: Apache-2.0
#include "target.hpp"

#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "plan/decide.hpp"

namespace kms_secretd::contract {
namespace {

/// Not the daemon's HMAC: any function of the content will do here.
core::Digest digestOf(std::map<std::string, std::string> const& values,
                      core::TargetDefinition const& definition) {
  auto text = definition.type + "\n" + definition.hash;
  for (auto const& [key, value] : values) text.append("\n").append(key).append("=").append(value);
  core::Digest digest{};
  std::uint64_t hash = 14695981039346656037U;
  for (std::size_t i = 0; i < text.size() + digest.size(); ++i) {
    hash = (hash ^ static_cast<unsigned char>(text[i % text.size()])) * 1099511628211U;
    digest[i % digest.size()] = static_cast<std::uint8_t>(hash >> 32);
  }
  return digest;
}

template <class T>
T const& valueOf(core::KubeResult<T> const& result) {
  if (auto const* failure = std::get_if<core::KubeFailure>(&result)) {
    throw std::runtime_error(failure->message);
  }
  return std::get<T>(result);
}

}  // namespace

std::string RoundEnd::text() const {
  auto const reason = std::string(" (") + core::nameOf(plan.reason) + ")";
  if (plan.action == core::Action::refuse) return "refused" + reason;
  if (plan.action == core::Action::hold) return "held" + reason;
  if (auto const* failed = std::get_if<core::KubeFailure>(&result)) {
    return std::string("failure ") + core::nameOf(failed->kind);
  }
  return core::nameOf(std::get<apply::Applied>(result).kind) + reason;
}

core::KubeFailure const& RoundEnd::failure() const {
  if (!std::holds_alternative<core::KubeFailure>(result)) {
    throw std::runtime_error("the round succeeded: " + text());
  }
  return std::get<core::KubeFailure>(result);
}

Target::Target(bool withNamespace) {
  definition.id = {"default", cluster().freshName(), "db"};
  definition.hash = "0123abcd";
  for (auto const& [key, value] : values) {
    definition.data.push_back({{"shared", "prod/" + key, "", ""}, key, {}});
  }
  if (withNamespace) cluster().admin().createNamespace(definition.id.namespaceName);
}

apply::KubeCall Target::call() const {
  return {cluster().clock().boot() + std::chrono::seconds(30), nullptr};
}

void Target::drop(std::string const& key) {
  values.erase(key);
  std::erase_if(definition.data, [&](core::DataEntry const& entry) { return entry.key == key; });
  redefine();
}

core::Rendered Target::render() const {
  core::Rendered rendered;
  for (auto const& [key, value] : values) {
    rendered.keys.push_back({key, sdk::SecretBytes(value)});
    rendered.versions.push_back({{"shared", "prod/" + key, "", ""}, "v1"});
  }
  rendered.digest = digestOf(values, definition);
  return rendered;
}

RoundEnd Target::round(std::function<void()> const& meanwhile) {
  auto& client = cluster().client();
  core::Observed const nothing{.presumed = true};
  auto const observed = presumed ? nothing : valueOf(client.observe(definition.id, call()));
  auto const rendered = render();
  std::vector<std::string> keys;
  for (auto const& each : rendered.keys) keys.push_back(each.key);
  RoundEnd end;
  end.plan = plan::decide(
      {definition, rendered.digest, keys, observed, record, instance, mayForce, approved});
  if (meanwhile) meanwhile();
  if (end.plan.action == core::Action::refuse) return end;
  if (end.plan.action == core::Action::hold) return end;
  UnreliableApi api(client, std::exchange(fates, {}));
  end.result = apply::perform({definition, rendered, end.plan, observed, instance}, api, call());
  if (auto const* applied = std::get_if<apply::Applied>(&end.result)) record = applied->record;
  if (auto const* failed = std::get_if<core::KubeFailure>(&end.result)) {
    if (failed->kind == core::KubeFailureKind::foreign) record.createUnsettled = false;
    record.createUnsettled |= failed->createUnsettled;
  }
  return end;
}

std::string Target::data() const {
  std::string text;
  for (auto const& [key, value] : dataOf(read())) {
    text.append(text.empty() ? "" : " ").append(key).append("=").append(value);
  }
  return text;
}

apply::KeyChange Target::change(std::vector<std::string> keys) const {
  auto const secret = read();
  apply::KeyChange change;
  change.target = definition.id;
  change.uid = metadataOf(secret, "uid");
  change.resourceVersion = metadataOf(secret, "resourceVersion");
  change.fieldManager = "kms-secretd/" + instance;
  change.keys = std::move(keys);
  return change;
}

}  // namespace kms_secretd::contract
