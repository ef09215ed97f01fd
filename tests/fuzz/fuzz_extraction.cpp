// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <memory>
#include <string>
#include <variant>

#include "target.hpp"
#include "transform/document.hpp"
#include "transform/render.hpp"

namespace kms_secretd::fuzz {
namespace {

using transform::Value;

// A value that was read is written so that it reads back as the same.
void roundTrip(std::string_view input) {
  auto const read = transform::readDocument(input);
  auto const* value = std::get_if<Value>(&read);
  if (value == nullptr) return;
  auto const json = toJson(*value);
  auto const again = transform::readJson(json);
  auto const* same = std::get_if<Value>(&again);
  if (json.size() > transform::maxDocumentBytes) return;  // escapes and aliases make it longer
  if (same == nullptr || toJson(*same) != json) std::abort();
  auto const yaml = toYaml(*value);
  if (yaml.size() > transform::maxDocumentBytes) return;
  (void)transform::readYaml(yaml);
}

core::TargetDefinition definition(core::NestedForm form, core::Encoding decode) {
  core::SourceRef const source{.store = "s", .name = "a"};
  core::TargetDefinition wanted;
  wanted.data = {{.source = source,
                  .paths = {{.path = "a.b[0]", .key = "p", .optional = true},
                            {.path = "sum(n)", .key = "q", .conversion = {.decode = decode}}}}};
  wanted.extractions = {{.source = source,
                         .exclude = {"x.*"},
                         .stripPrefix = "p_",
                         .rules = {{"(.)[^a-z]+", "$1-"}, {"^-|-$", ""}},
                         .conversion = {.nested = form, .decode = decode}}};
  return wanted;
}

}  // namespace

void feed(std::string_view input) {
  roundTrip(input);
  sdk::FetchedSecret secret;
  secret.value = sdk::SecretBytes(input);
  auto const shared = std::make_shared<sdk::FetchedSecret const>(std::move(secret));
  core::Fetched const fetched{{{{.store = "s", .name = "a"}, shared}}};
  (void)transform::render(definition(core::NestedForm::json, core::Encoding::none), fetched);
  (void)transform::render(definition(core::NestedForm::yaml, core::Encoding::base64), fetched);
}

std::vector<std::string_view> seeds() {
  return {
      R"({"a": {"b": [1.10, "x\u00e9\ud83d\ude00\u0000"]}, "n": [1, 2e3], "p_k": null, "t": true})",
      "a: &x {b: [0755, 0o17, 0x1f, .5, ~]}\nn: [1, 2]\nc:\n  <<: *x\n  d: 2026-11-27\n",
      "- |\n  block\n- >-\n  folded\n- !!str 1\n- 'it''s'\n- \"\\x41\\u00e9\"\n",
      "{a: {b: [x, y]}, \"n\": [], ? k : v}\n",
      "just text",
      ""};
}

}  // namespace kms_secretd::fuzz
