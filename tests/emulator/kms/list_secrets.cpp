// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "emulator/kms/members.hpp"
#include "emulator/kms/operations.hpp"
#include "emulator/server_clock.hpp"

namespace kms_secretd::emulator {
namespace {

struct Filter {
  std::string key;
  std::vector<std::string> values;
};

// Nothing if the text is not `[{"Key":"..","Values":[".."]}]` within the service's bounds.
std::optional<std::vector<Filter>> parseFilters(const std::string& text) {
  std::vector<Filter> filters;
  if (text.empty()) return filters;
  boost::system::error_code error;
  const boost::json::value json = boost::json::parse(text, error);
  if (error || !json.is_array() || json.as_array().size() > 10) return std::nullopt;
  for (const auto& entry : json.as_array()) {
    const auto* object = entry.if_object();
    const auto* key = object == nullptr ? nullptr : object->if_contains("Key");
    const auto* values = object == nullptr ? nullptr : object->if_contains("Values");
    if (key == nullptr || values == nullptr || !key->is_string() || !values->is_array() ||
        values->as_array().size() > 10) {
      return std::nullopt;
    }
    Filter filter{std::string(key->as_string()), {}};
    for (const auto& value : values->as_array()) {
      if (!value.is_string()) return std::nullopt;
      filter.values.emplace_back(value.as_string());
    }
    filters.push_back(std::move(filter));
  }
  return filters;
}

std::vector<std::string> propertiesOf(const Secret& secret, const std::string& key) {
  if (key == "SecretName") return {secret.name};
  if (key == "Description") return {secret.description};
  if (key == "SecretType") return {secret.type};
  std::vector<std::string> out;
  for (const auto& [name, value] : secret.tags) {
    if (key == "TagKey") out.push_back(name);
    if (key == "TagValue") out.push_back(value);
  }
  return out;
}

// Names and descriptions match by their beginning, the other keys as a whole.
bool matches(const std::string& have, const std::string& wanted, const std::string& key) {
  if (key == "SecretName" || key == "Description") return have.starts_with(wanted);
  return have == wanted;
}

bool matches(const Secret& secret, const Filter& filter) {
  const auto properties = propertiesOf(secret, filter.key);
  return std::any_of(filter.values.begin(), filter.values.end(), [&](const std::string& wanted) {
    return std::any_of(properties.begin(), properties.end(),
                       [&](const std::string& have) { return matches(have, wanted, filter.key); });
  });
}

boost::json::object renderEntry(const Secret& secret, bool tags) {
  boost::json::object out{{"SecretName", secret.name},
                          {"SecretType", secret.type},
                          {"CreateTime", formatTimestamp(secret.createTime)},
                          {"UpdateTime", formatTimestamp(secret.updateTime)}};
  if (secret.plannedDelete) out["PlannedDeleteTime"] = formatTimestamp(*secret.plannedDelete);
  if (tags) out["Tags"] = tagsMember(secret);
  return out;
}

}  // namespace

Answer listSecrets(const Call& call) {
  const auto page = readPage(call, 10);
  if (!page) return invalidParameter("PageSize");
  const auto filters = parseFilters(call.param("Filters"));
  if (!filters) return invalidParameter("Filters");
  auto all = call.store.list(call.account);
  std::erase_if(all, [&](const Secret* secret) {
    return !std::all_of(filters->begin(), filters->end(),
                        [&](const Filter& filter) { return matches(*secret, filter); });
  });
  boost::json::array shown;
  for (std::size_t i = page->begin(all.size()); i < page->end(all.size()); ++i) {
    shown.emplace_back(renderEntry(*all[i], call.param("FetchTags") == "true"));
  }
  return boost::json::object{{"PageNumber", page->number},
                             {"PageSize", page->size},
                             {"TotalCount", all.size()},
                             {"SecretList", {{"Secret", std::move(shown)}}}};
}

}  // namespace kms_secretd::emulator
