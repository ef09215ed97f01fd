// SPDX-License-Identifier: Apache-2.0
#include "transform/selection.hpp"

#include <map>
#include <optional>
#include <utility>

#include "transform/document.hpp"
#include "transform/encoding.hpp"
#include "transform/jmespath/expression.hpp"
#include "transform/rewriting.hpp"
#include "transform/value.hpp"

namespace kms_secretd::transform {
namespace {

using core::RenderFailure;
using Failed = std::optional<RenderFailure>;

std::string shown(std::string const& text) {
  std::string quoted("'");
  return quoted.append(text, 0, 120).append("'");
}

// The bytes of a selected value: scalars as they were written.
std::string bytesOf(Value const& value, core::NestedForm form) {
  bool const nested = value.is(Kind::array) || value.is(Kind::object);
  if (!nested) return value.text();
  return form == core::NestedForm::yaml ? toYaml(value) : toJson(value);
}

class Selection {
 public:
  Selection(core::TargetDefinition const& definition, core::Fetched const& fetched)
      : definition_(definition), fetched_(fetched) {}

  std::variant<Selected, RenderFailure> run() {
    for (auto const& missing : fetched_.missing) {
      selected_.notes.push_back(missing.source.text() +
                                " does not exist in its store, so its keys are left out");
    }
    for (auto const& entry : definition_.data) {
      if (fetched_.isMissing(entry.source)) continue;
      if (auto failure = take(entry)) return std::move(*failure);
    }
    for (auto const& extraction : definition_.extractions) {
      if (fetched_.isMissing(extraction.source)) continue;
      if (auto failure = take(extraction)) return std::move(*failure);
    }
    return std::move(selected_);
  }

 private:
  // One value on its way into the result.
  struct Target {
    std::string const& name;
    core::Conversion const& conversion;
    bool templateOnly;
    core::Origin const& origin;
    core::SourceRef const& source;
    bool extended;         // the extended configuration is meant
    std::string member{};  // which one of an extraction
  };

  static std::string placeOf(Target const& target) {
    auto text = target.origin.text() + " from ";
    text += target.member.empty() ? "" : target.member + " of ";
    text += target.extended ? "the extended configuration of " : "";
    return text + target.source.text();
  }

  static RenderFailure failure(Target const& target, std::string const& why) {
    return {"key " + shown(target.name) + ": " + why + " (" + placeOf(target) + ")"};
  }

  Failed take(core::DataEntry const& entry) {
    Target const target{.name = entry.key,
                        .conversion = entry.conversion,
                        .templateOnly = entry.templateOnly,
                        .origin = entry.origin,
                        .source = entry.source,
                        .extended = entry.extendedConfig};
    auto const bytes = bytesFrom(entry.source, entry.extendedConfig);
    if (!bytes) return failure(target, readFault_);
    if (entry.paths.empty()) return add(target, *bytes);
    for (auto const& path : entry.paths) {
      if (auto failed = take(entry, path)) return failed;
    }
    return std::nullopt;
  }

  Failed take(core::DataEntry const& entry, core::PathEntry const& path) {
    Target const target{.name = path.key,
                        .conversion = path.conversion,
                        .templateOnly = entry.templateOnly,
                        .origin = path.origin,
                        .source = entry.source,
                        .extended = entry.extendedConfig};
    auto const* document = documentOf(entry.source, entry.extendedConfig);
    if (document == nullptr) return failure(target, readFault_);
    auto const compiled = jmespath::Expression::compile(path.path);
    if (auto const* fault = std::get_if<jmespath::Fault>(&compiled)) {
      return failure(target, "path " + shown(path.path) + told(*fault));
    }
    auto const result = std::get<jmespath::Expression>(compiled).search(*document);
    if (auto const* fault = std::get_if<jmespath::Fault>(&result)) {
      return failure(target, "path " + shown(path.path) + told(*fault));
    }
    auto const& value = std::get<Value>(result);
    if (!value.is(Kind::null)) return add(target, bytesOf(value, path.conversion.nested));
    if (!path.optional) {
      return failure(target, "path " + shown(path.path) +
                                 " selects nothing; mend it, or write optional = true");
    }
    selected_.notes.push_back("key " + shown(path.key) + " is left out: its optional path " +
                              shown(path.path) + " selects nothing in " + entry.source.text());
    return std::nullopt;
  }

  static std::string told(jmespath::Fault const& fault) {
    return ", at byte " + std::to_string(fault.offset + 1) + ": " + fault.message;
  }

  Failed take(core::Extraction const& extraction) {
    std::string const name = "data_process";
    Target const all{.name = name,
                     .conversion = extraction.conversion,
                     .templateOnly = extraction.templateOnly,
                     .origin = extraction.origin,
                     .source = extraction.source,
                     .extended = extraction.extendedConfig};
    auto const* document = documentOf(extraction.source, extraction.extendedConfig);
    if (document == nullptr) return RenderFailure{readFault_ + " (" + placeOf(all) + ")"};
    if (!document->is(Kind::object)) {
      return RenderFailure{std::string("the value is of type ") + nameOf(document->kind()) +
                           ", but only an object has members that become keys (" + placeOf(all) +
                           ")"};
    }
    if (auto failed = faultOfRules(extraction)) return failed;
    return takeMembers(extraction, *document, all);
  }

  // A definition that was loaded has none: it was judged then.
  static Failed faultOfRules(core::Extraction const& extraction) {
    auto const failed = [&](SyntaxFault const& fault) {
      return RenderFailure{"a pattern cannot be used, at byte " + std::to_string(fault.offset + 1) +
                           ": " + fault.message + " (" + extraction.origin.text() + ")"};
    };
    for (auto const* patterns : {&extraction.include, &extraction.exclude}) {
      for (auto const& pattern : *patterns) {
        if (auto const fault = patternFault(pattern)) return failed(*fault);
      }
    }
    for (auto const& [source, target] : extraction.rules) {
      if (auto const fault = patternFault(source)) return failed(*fault);
      if (auto const fault = replacementFault(source, target)) return failed(*fault);
    }
    return std::nullopt;
  }

  Failed takeMembers(core::Extraction const& extraction, Value const& document, Target const& all) {
    KeyRules const rules(extraction);
    std::size_t number = 0;
    std::size_t taken = 0;
    for (auto const& [member, value] : document.members()) {
      ++number;
      auto const key = rules.keyOf(member);
      if (!key) continue;
      ++taken;
      Target const target{.name = *key,
                          .conversion = all.conversion,
                          .templateOnly = all.templateOnly,
                          .origin = all.origin,
                          .source = all.source,
                          .extended = all.extended,
                          .member = "member " + std::to_string(number)};
      if (auto failed = add(target, bytesOf(value, all.conversion.nested))) return failed;
    }
    if (taken > 0) return std::nullopt;
    return RenderFailure{"no member becomes a key: the value has " + std::to_string(number) +
                         ", and include and exclude leave none (" + placeOf(all) + ")"};
  }

  // Value or extended configuration of a source; nothing where it is not there (readFault_).
  std::optional<std::string_view> bytesFrom(core::SourceRef const& source, bool extended) {
    auto const* secret = fetched_.find(source);
    if (secret == nullptr) {
      readFault_ = "its source was not read";
      return std::nullopt;
    }
    if (!extended) return secret->value.reveal();
    if (!secret->extendedConfig.empty()) return secret->extendedConfig.reveal();
    readFault_ =
        "the store gave no extended configuration with it; only managed secrets of KMS have one: "
        "remove extended_config";
    return std::nullopt;
  }

  // The same, parsed once in each round; null where it cannot be read (readFault_).
  Value const* documentOf(core::SourceRef const& source, bool extended) {
    auto const known = documents_.find({source, extended});
    if (known != documents_.end()) return &known->second;
    auto const bytes = bytesFrom(source, extended);
    if (!bytes) return nullptr;
    auto read = readDocument(*bytes);
    if (auto const* fault = std::get_if<ReadFault>(&read)) {
      readFault_ = "the value cannot be read as JSON or YAML: " + fault->text();
      return nullptr;
    }
    auto const place = std::pair(source, extended);
    return &documents_.emplace(place, std::get<Value>(std::move(read))).first->second;
  }

  Failed add(Target const& target, std::string_view bytes) {
    auto const& [nested, decode, encode] = target.conversion;
    NamedValue named{
        .name = target.name, .templateOnly = target.templateOnly, .origin = placeOf(target)};
    if (decode == core::Encoding::none && encode == core::Encoding::none) {
      named.value = sdk::SecretBytes(bytes);
    } else {
      auto const plain = decoded(decode, bytes);
      if (auto const* fault = std::get_if<DecodeFault>(&plain)) {
        return failure(target, std::string("the value is no ") + nameOf(decode) + ": at byte " +
                                   std::to_string(fault->offset + 1) + ", " + fault->message);
      }
      named.value = sdk::SecretBytes(encoded(encode, std::get<std::string>(plain)));
    }
    selected_.values.push_back(std::move(named));
    return std::nullopt;
  }

  core::TargetDefinition const& definition_;
  core::Fetched const& fetched_;
  std::map<std::pair<core::SourceRef, bool>, Value> documents_{};
  std::string readFault_{};
  Selected selected_{};
};

}  // namespace

std::variant<Selected, RenderFailure> select(core::TargetDefinition const& definition,
                                             core::Fetched const& fetched) {
  return Selection(definition, fetched).run();
}

}  // namespace kms_secretd::transform
