// SPDX-License-Identifier: Apache-2.0
#include "config/value_fields.hpp"

#include <utility>

#include "config/option_views.hpp"

namespace kms_secretd::config {

namespace {

core::Encoding encodingOf(std::string const& word) {
  if (word == "base64") return core::Encoding::base64;
  if (word == "base64url") return core::Encoding::base64url;
  return word == "hex" ? core::Encoding::hex : core::Encoding::none;
}

/// What `options` say of the conversion; the rest is as in `base`.
core::Conversion conversionOf(sdk::Options const& options, core::Conversion base = {}) {
  if (options.has("decode")) base.decode = encodingOf(options.text("decode"));
  if (options.has("encode")) base.encode = encodingOf(options.text("encode"));
  if (options.has("nested")) {
    base.nested =
        options.text("nested") == "yaml" ? core::NestedForm::yaml : core::NestedForm::json;
  }
  return base;
}

/// Reads the tables of one secret; `path` is where a table stands within it.
class ValueReader {
 public:
  ValueReader(TargetFields const& fields, CheckedTable const& secret)
      : fields_(fields), secret_(secret) {}

  core::DataEntry data(sdk::Options const& options, std::string const& path) const {
    core::DataEntry entry{.source = fields_.sourceOf(options),
                          .origin = secret_.originOf(path),
                          .conversion = conversionOf(options),
                          .templateOnly = options.boolean("template_only"),
                          .extendedConfig = options.boolean("extended_config")};
    auto const& paths = tablesOf(options, "jmes_path");
    for (std::size_t i = 0; i < paths.size(); ++i) {
      entry.paths.push_back(
          pathEntry(paths[i], indexed(dotted(path, "jmes_path"), i), entry.conversion));
    }
    if (options.has("key")) {
      entry.key = options.text("key");
    } else if (entry.paths.empty()) {
      entry.key = lastSegment(entry.source.name);
    }
    return entry;
  }

  core::Extraction extraction(sdk::Options const& options, std::string const& path) const {
    auto const& extract = tableOf(options, "extract");
    core::Extraction entry{.source = fields_.sourceOf(extract),
                           .include = options.list("include"),
                           .exclude = options.list("exclude"),
                           .stripPrefix = options.text("strip_prefix"),
                           .addPrefix = options.text("add_prefix"),
                           .conversion = conversionOf(options),
                           .templateOnly = options.boolean("template_only"),
                           .extendedConfig = extract.boolean("extended_config"),
                           .origin = secret_.originOf(path)};
    for (auto const& rule : tablesOf(options, "replace_rule")) {
      entry.rules.push_back({rule.text("source"), rule.text("target")});
    }
    return entry;
  }

  core::TemplateEntry templateEntry(sdk::Options const& options, std::string const& path) const {
    return {
        .key = options.text("key"), .text = options.text("text"), .origin = secret_.originOf(path)};
  }

  core::BuildEntry build(sdk::Options const& options, std::string const& path) const {
    return {.registry = options.text("registry"),
            .username = options.text("username"),
            .password = options.text("password"),
            .email = options.text("email"),
            .certificate = options.text("certificate"),
            .chain = options.text("chain"),
            .privateKey = options.text("private_key"),
            .origin = secret_.originOf(path)};
  }

 private:
  core::PathEntry pathEntry(sdk::Options const& options, std::string const& path,
                            core::Conversion const& conversion) const {
    return {.path = options.text("path"),
            .key = options.text("object_alias"),
            .optional = options.boolean("optional"),
            .conversion = conversionOf(options, conversion),
            .origin = secret_.originOf(path)};
  }

  TargetFields const& fields_;
  CheckedTable const& secret_;
};

}  // namespace

std::string lastSegment(std::string const& source) {
  auto const slash = source.rfind('/');
  return slash == std::string::npos ? source : source.substr(slash + 1);
}

void readValues(TargetFields const& fields, CheckedTable const& secret,
                core::TargetDefinition& target) {
  ValueReader const reader(fields, secret);
  auto const each = [&](char const* name, auto& into, auto read) {
    auto const& tables = tablesOf(secret.options, name);
    for (std::size_t i = 0; i < tables.size(); ++i) {
      into.push_back((reader.*read)(tables[i], indexed(name, i)));
    }
  };
  each("data", target.data, &ValueReader::data);
  each("data_process", target.extractions, &ValueReader::extraction);
  each("template", target.templates, &ValueReader::templateEntry);
  each("build", target.builds, &ValueReader::build);
}

}  // namespace kms_secretd::config
