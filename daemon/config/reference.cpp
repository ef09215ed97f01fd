// SPDX-License-Identifier: Apache-2.0
#include "config/reference.hpp"

#include <algorithm>

#include "config/problem.hpp"
#include "config/section.hpp"

namespace kms_secretd::config {

namespace {

using sdk::OptionDeclaration;
using sdk::OptionType;

constexpr char const* introduction = R"(# Configuration reference

<!-- Generated from the declarations in the code. Do not edit: a test compares. To renew it, run
     ninja -C <build> && ninja -C <build> update-configuration-reference -->

kms-secretd reads `/etc/kms-secretd/kms-secretd.toml` (or the file given by `--config`) and then
every `*.toml` of the directory `conf.d` beside it, sorted by name. The format is
[TOML 1.0](https://toml.io/en/v1.0.0). A file holds at most 4 MiB, `conf.d` at most 1024 files.

- `[[secret]]` and `[[policy]]` tables add up across the files.
- Any other key, and any store or cluster, may be given once: twice is an error that names both places.
- `[defaults]` holds for the `[[secret]]` tables of its own file only.
- Unknown keys are errors. All errors of all files are told at once, each as
  `file:line:column: what; how to mend it`. `kms-secretd --check-config` does only that, offline.
- SIGHUP reads everything again; a configuration with errors is refused as a whole and the old one
  stays.

## Kinds of values

| kind | how it is written |
|---|---|
| text | `"..."` |
| duration | `"250ms"`, `"120s"`, `"5m"`, `"1h30m"`, `"7d"`: whole numbers, units from large to small |
| size | `"512KiB"`, `"1MiB"`, or a number of bytes |
| secret | exactly one of `{ file = "/path" }` (watched, a change is picked up), `{ credential = "name" }` (systemd `LoadCredential=`), `{ env = "NAME" }`, `{ inline = "..." }`. Inline is accepted only in a file that others can neither read nor write and that belongs to root or to the daemon's user |
| table of text | `{ name = "text" }`, the names are yours |
)";

constexpr char const* secretNote =
    "One table for each Kubernetes Secret. A key that is left out takes the value of `[defaults]` "
    "in the same file. The first column names the keys of `[[secret.data]]` as `data.<key>`, and "
    "so on. What becomes of the values is told in [transform.md](transform.md).";

std::string cell(std::string_view text) {
  std::string safe;
  for (auto const c : text) {
    if (c == '<') {
      safe += "&lt;";  // else it would vanish as an unknown tag
      continue;
    }
    if (c == '|') safe += '\\';
    safe += c == '\n' ? ' ' : c;
  }
  return safe;
}

/// Plugins write their help with or without a capital and a full stop.
std::string sentence(char const* help) {
  std::string text = help == nullptr ? "" : help;
  if (text.empty()) return text;
  if (text.front() >= 'a' && text.front() <= 'z') {
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  }
  return text.back() == '.' ? text : text + '.';
}

std::string code(std::string const& text) { return "`" + text + "`"; }

std::string choiceCell(OptionDeclaration const& option) {
  std::vector<std::string> words;
  for (auto const& choice : choicesOf(option)) words.push_back(code('"' + choice + '"'));
  return oneOf(words);
}

std::string typeCell(OptionDeclaration const& option) {
  switch (option.type) {
    case OptionType::string:
      return "text";
    case OptionType::boolean:
      return "`true` or `false`";
    case OptionType::integer:
      return "whole number";
    case OptionType::duration:
      return "duration";
    case OptionType::size:
      return "size";
    case OptionType::enumeration:
      return choiceCell(option);
    case OptionType::secret:
      return "secret";
    case OptionType::list:
      return "list of text";
    case OptionType::table:
      return isFreeTable(option) ? "table of text" : "table";
    case OptionType::table_list:
      return "list of tables";
  }
  return "";
}

std::string defaultCell(OptionDeclaration const& option) {
  if (option.required) return "**required**";
  if (option.defaultText == nullptr) return "";
  bool const bare = option.type == OptionType::boolean || option.type == OptionType::integer ||
                    option.type == OptionType::list;
  std::string const text = option.defaultText;
  return code(bare ? text : '"' + text + '"');
}

/// True if a table within `declarations` only holds what stands there already, as where something
/// is built from another of its kind.
bool isRepetition(Declarations declarations, Declarations members) {
  return !members.empty() && std::ranges::all_of(members, [&](OptionDeclaration const& member) {
    auto const* same = findDeclaration(declarations, member.name);
    return same != nullptr && sentence(same->help) == sentence(member.help);
  });
}

void rows(std::string& out, Declarations declarations, std::string const& prefix) {
  for (auto const& option : declarations) {
    auto const path = dotted(prefix, option.name);
    auto const members = membersOf(option);
    bool const repeats = isRepetition(declarations, members);
    auto meaning = sentence(option.help);
    if (repeats) meaning += " Its keys are among those of " + code(prefix) + ".";
    out += "| " + code(path) + " | " + cell(typeCell(option)) + " | " + cell(defaultCell(option)) +
           " | " + cell(meaning) + " |\n";
    if (!repeats) rows(out, members, path);
  }
}

void table(std::string& out, Declarations declarations) {
  out += "\n| key | kind | default | meaning |\n|---|---|---|---|\n";
  rows(out, declarations, "");
}

void heading(std::string& out, std::string const& title, std::string const& text) {
  out += "\n## " + title + "\n\n" + text + "\n";
}

/// The top of the file has a table of its own, and so has each fixed table below it.
void settings(std::string& out) {
  std::vector<OptionDeclaration> top;
  for (auto const& option : settingsOptions()) {
    if (option.type != OptionType::table) top.push_back(option);
  }
  heading(out, "Top of the file", "Keys before the first `[table]`.");
  table(out, top);
  for (auto const& option : settingsOptions()) {
    if (option.type != OptionType::table) continue;
    std::string const need = option.required ? " Required." : "";
    heading(out, "`[" + std::string(option.name) + "]`", sentence(option.help) + need);
    table(out, membersOf(option));
  }
}

void backend(std::string& out, BackendDescription const& description) {
  out += "\n### Backend `" + description.name + "`\n";
  if (description.options.empty()) {
    out += "\nNo options of its own.\n";
  } else {
    table(out, description.options);
  }
}

}  // namespace

std::string referenceText(std::vector<BackendDescription> const& backends) {
  std::string out = introduction;
  settings(out);
  heading(out, "`[cluster.<name>]`",
          "One table for each of several clusters, instead of `[kubernetes]` or beside it; see "
          "[clusters.md](clusters.md).");
  table(out, clusterOptions());
  heading(out, "`[store.<name>]`",
          "One table for each place that secrets are read from. Beside the keys below it holds "
          "those of its backend.");
  table(out, storeOptions());
  for (auto const& description : backends) backend(out, description);
  heading(out, "`[[policy]]`",
          "What stores may feed, checked when the configuration is read and before each round. "
          "Every policy that speaks of a store must agree. In the lists `*` stands for any "
          "characters and `?` for one; see [clusters.md](clusters.md#policies).");
  table(out, policyOptions());
  heading(out, "`[defaults]`", "For the `[[secret]]` tables of the same file.");
  table(out, defaultsOptions());
  heading(out, "`[[secret]]`", secretNote);
  table(out, secretOptions());
  return out;
}

}  // namespace kms_secretd::config
