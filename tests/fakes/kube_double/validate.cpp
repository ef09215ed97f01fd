// SPDX-License-Identifier: Apache-2.0
#include "fakes/kube_double/validate.hpp"

#include <boost/json.hpp>

#include <regex>

namespace kms_secretd::fakes::kube {
namespace {

using Causes = std::vector<Cause>;

constexpr char const* badKey =
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. "
    "'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is "
    "'[-._a-zA-Z0-9]+')";
constexpr char const* badName =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
    "'.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used "
    "for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
constexpr char const* badQualifiedName =
    "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start "
    "and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex "
    "used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS "
    "subdomain prefix and '/' (e.g. 'example.com/MyName')";
constexpr char const* badLabelValue =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or "
    "'.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value', "
    " or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

Cause invalidValue(std::string field, std::string const& value, std::string const& why) {
  return {"FieldValueInvalid", std::move(field), "Invalid value: \"" + value + "\": " + why};
}

bool matches(std::string const& text, char const* pattern) {
  return std::regex_match(text, std::regex(pattern, std::regex::optimize));
}

bool qualifiedName(std::string const& name) {
  static char const* const segment = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
  auto const slash = name.find('/');
  if (slash == std::string::npos) return name.size() <= 63 && matches(name, segment);
  auto const prefix = name.substr(0, slash);
  auto const rest = name.substr(slash + 1);
  return rest.size() <= 63 && matches(rest, segment) && prefix.size() <= 253 &&
         matches(prefix, "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
}

void validateAnnotations(Secret const& next, Causes& causes) {
  std::size_t size = 0;
  for (auto const& [name, value] : next.annotations) {
    size += name.size() + value.size();
    if (!qualifiedName(name)) {
      causes.push_back(invalidValue("metadata.annotations", name, badQualifiedName));
    }
  }
  if (size > 256 * 1024) {
    causes.push_back(
        {"FieldValueTooLong", "metadata.annotations", "Too long: must have at most 262144 bytes"});
  }
}

void validateMetadata(Secret const& next, Causes& causes) {
  if (next.name.size() > 253 ||
      !matches(next.name, "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")) {
    causes.push_back(invalidValue("metadata.name", next.name, badName));
  }
  for (auto const& [name, value] : next.labels) {
    if (!qualifiedName(name)) {
      causes.push_back(invalidValue("metadata.labels", name, badQualifiedName));
    }
    if (value.size() > 63 || !matches(value, "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?")) {
      causes.push_back(invalidValue("metadata.labels", value, badLabelValue));
    }
  }
  validateAnnotations(next, causes);
}

std::string whyBadKey(std::string const& key) {
  if (key.size() > 253) return "must be no more than 253 characters";
  if (!matches(key, "[-._a-zA-Z0-9]+")) return badKey;
  if (key == ".") return "must not be '.'";
  if (key == "..") return "must not be '..'";
  return key.starts_with("..") ? "must not start with '..'" : "";
}

void validateData(Secret const& next, Causes& causes) {
  std::size_t size = 0;
  for (auto const& [key, value] : next.data) {
    size += value.size();
    auto const why = whyBadKey(key);
    if (!why.empty()) {
      causes.push_back(invalidValue("data[" + key + "]", key, why));
    }
  }
  if (size > 1024 * 1024) {
    causes.push_back({"FieldValueTooLong", "data", "Too long: must have at most 1048576 bytes"});
  }
}

void require(Secret const& next, std::string const& key, std::string const& field, Causes& causes) {
  if (!next.data.contains(key)) causes.push_back({"FieldValueRequired", field, "Required value"});
}

void requireJson(Secret const& next, std::string const& key, Causes& causes) {
  auto const field = "data[" + key + "]";
  require(next, key, field, causes);
  auto const at = next.data.find(key);
  if (at == next.data.end()) return;
  boost::system::error_code error;
  (void)boost::json::parse(at->second, error);
  if (error) {
    causes.push_back({"FieldValueInvalid", field,
                      "Invalid value: \"<secret contents redacted>\": invalid character"});
  }
}

void validateType(Secret const& next, Causes& causes) {
  auto const type = next.type.value_or("");
  if (type == "kubernetes.io/tls") {
    require(next, "tls.crt", "data[tls.crt]", causes);
    require(next, "tls.key", "data[tls.key]", causes);
  } else if (type == "kubernetes.io/dockerconfigjson") {
    requireJson(next, ".dockerconfigjson", causes);
  } else if (type == "kubernetes.io/dockercfg") {
    requireJson(next, ".dockercfg", causes);
  } else if (type == "kubernetes.io/ssh-auth") {
    require(next, "ssh-privatekey", "data[%s][ssh-privatekey]", causes);
  } else if (type == "kubernetes.io/basic-auth") {
    if (next.data.contains("username") || next.data.contains("password")) return;
    require(next, "username", "data[%s][username]", causes);
    require(next, "password", "data[%s][password]", causes);
  } else if (type == "kubernetes.io/service-account-token" &&
             !next.annotations.contains("kubernetes.io/service-account.name")) {
    causes.push_back({"FieldValueRequired",
                      "metadata.annotations[kubernetes.io/service-account.name]",
                      "Required value"});
  }
}

void validateImmutability(Secret const& next, Secret const& live, Causes& causes) {
  if (next.type != live.type) {
    causes.push_back(invalidValue("type", next.type.value_or(""), "field is immutable"));
  }
  if (!live.immutable.value_or(false)) return;
  if (!next.immutable.value_or(false)) {
    causes.push_back({"FieldValueForbidden", "immutable",
                      "Forbidden: field is immutable when `immutable` is set"});
  }
  if (next.data != live.data) {
    causes.push_back(
        {"FieldValueForbidden", "data", "Forbidden: field is immutable when `immutable` is set"});
  }
}

}  // namespace

Causes validate(Secret const& next, std::optional<Secret> const& live) {
  Causes causes;
  validateMetadata(next, causes);
  if (live) validateImmutability(next, *live, causes);
  validateData(next, causes);
  validateType(next, causes);
  return causes;
}

}  // namespace kms_secretd::fakes::kube
