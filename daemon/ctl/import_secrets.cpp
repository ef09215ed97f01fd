// SPDX-License-Identifier: Apache-2.0
// ExternalSecrets.
#include <charconv>
#include <cstdint>

#include "ctl/import_model.hpp"

namespace kms_secretd::ctl {
namespace {

constexpr std::int64_t shortestInterval = 5;
constexpr std::int64_t longestInterval = std::int64_t{30} * 86'400;

std::int64_t secondsIn(std::string_view unit) {
  if (unit == "h") return 3600;
  if (unit == "m") return 60;
  return unit == "s" ? 1 : 0;
}

/// Writes one object.
class SecretWriter {
 public:
  SecretWriter(TomlWriter& out, Manifest const& secret, StoreBook& stores, Notes& notes)
      : out_(out), secret_(secret), stores_(stores), notes_(notes) {}

  void write() {
    noteOthers(secret_.spec, "spec.",
               {"provider", "type", "data", "dataProcess", "rotationInterval", "target"});
    auto const target = memberOf(secret_.spec, "target");
    auto const name = textIn(target, "name");
    out_.header("secret", true);
    out_.text("name", name.empty() ? secret_.name : name);
    out_.text("namespace", secret_.namespaceName);
    auto const type = textIn(memberOf(target, "template"), "type");
    out_.text("type", type.empty() ? textIn(secret_.spec, "type") : type);
    writeInterval();
    // The Secret is there already and bears no mark of the operator.
    out_.text("adopt", "if-equal");
    writeTemplate(memberOf(target, "template"));
    for (auto const& entry : memberOf(secret_.spec, "data")) writeEntry(entry);
    for (auto const& process : memberOf(secret_.spec, "dataProcess")) writeProcess(process);
  }

 private:
  void noteOthers(YAML::Node const& map, std::string const& where,
                  std::set<std::string> const& known) {
    for (auto const& other : othersIn(map, known)) {
      notes_.add(secret_, where + other + " is not known and not carried over");
    }
  }

  void writeInterval() {
    auto const text = textIn(secret_.spec, "rotationInterval");
    if (text.empty()) return;
    auto const interval = durationIn(text);
    if (interval) return out_.text("interval", *interval);
    notes_.add(secret_,
               "spec.rotationInterval is no time from 5s to 30d in whole seconds, and not "
               "carried over");
  }

  void writeTemplate(YAML::Node const& text) {
    auto const metadata = memberOf(text, "metadata");
    for (auto const* kind : {"labels", "annotations"}) {
      std::map<std::string, std::string> plain;
      for (auto const& each : memberOf(metadata, kind)) {
        auto const name = each.first.as<std::string>("");
        auto const value = each.second.as<std::string>("");
        if (value.find("{{") == std::string::npos) {
          plain[name] = value;
        } else {
          notes_.add(secret_, std::string("the template of ") + kind + " " + name +
                                  " is not carried over: labels and annotations are plain text");
        }
      }
      out_.table(kind, plain);
    }
    for (auto const* part : {"data", "templateFrom"}) {
      if (!memberOf(text, part)) continue;
      notes_.add(secret_, std::string("spec.target.template.") + part +
                              " is not carried over: write each key as a [[secret.template]], as "
                              "docs/transform.md shows");
    }
  }

  void writeVersion(YAML::Node const& entry) {
    auto const id = textIn(entry, "versionId");
    auto const stage = textIn(entry, "versionStage");
    out_.text("version_id", id);
    if (id.empty()) return out_.text("version_stage", stage);
    if (stage.empty()) return;
    notes_.add(secret_, textIn(entry, "key") + ": versionStage is dropped beside versionId");
  }

  void writeEntry(YAML::Node const& entry) {
    auto const source = textIn(entry, "key");
    auto const name = textIn(entry, "name");
    noteOthers(
        entry, "spec.data[].",
        {"key", "name", "versionStage", "versionId", "jmesPath", "kmsEndpoint", "secretStoreRef"});
    out_.header("secret.data", true);
    out_.text("source", source);
    auto const paths = memberOf(entry, "jmesPath");
    if (!paths) out_.text("key", name.empty() ? source : name);
    writeVersion(entry);
    out_.text("store", stores_.use(entry, secret_));
    if (!paths) return;
    notes_.add(secret_, source +
                            ": a jmesPath that selects nothing left its key out there, and "
                            "fails the round here; write optional = true where that is meant");
    for (auto const& path : paths) {
      auto const alias = textIn(path, "objectAlias");
      out_.header("secret.data.jmes_path", true);
      out_.text("path", textIn(path, "path"));
      out_.text("object_alias", alias.empty() ? source : alias);
    }
  }

  void writeProcess(YAML::Node const& process) {
    auto const extract = memberOf(process, "extract");
    noteOthers(process, "spec.dataProcess[].", {"extract", "replaceRule"});
    noteOthers(
        extract, "spec.dataProcess[].extract.",
        {"key", "name", "versionStage", "versionId", "jmesPath", "kmsEndpoint", "secretStoreRef"});
    auto const store = stores_.use(extract, secret_);
    out_.header("secret.data_process", true);
    out_.header("secret.data_process.extract", false);
    out_.text("source", textIn(extract, "key"));
    writeVersion(extract);
    out_.text("store", store);
    for (auto const& path : memberOf(extract, "jmesPath")) {
      writeRule("^" + quotedPattern(textIn(path, "path")) + "$", textIn(path, "objectAlias"));
    }
    auto const rules = memberOf(process, "replaceRule");
    for (auto const& rule : rules) writeRule(textIn(rule, "source"), textIn(rule, "target"));
    if (!rules) return;
    notes_.add(secret_, textIn(extract, "key") +
                            ": replaceRule renames keys only; ack-secret-manager 0.6 replaced the "
                            "same text inside of the values, too");
  }

  void writeRule(std::string const& source, std::string const& target) {
    out_.header("secret.data_process.replace_rule", true);
    out_.text("source", source);
    out_.raw("target", tomlString(target));
  }

  TomlWriter& out_;
  Manifest const& secret_;
  StoreBook& stores_;
  Notes& notes_;
};

}  // namespace

std::optional<std::string> durationIn(std::string_view text) {
  std::int64_t seconds = 0;
  while (!text.empty()) {
    std::int64_t count = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc() || count < 0 || count > longestInterval) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    auto const unit = secondsIn(text.substr(0, 1));
    if (unit == 0 || text.starts_with("ms")) return std::nullopt;
    seconds += count * unit;
    text.remove_prefix(1);
  }
  if (seconds < shortestInterval || seconds > longestInterval) return std::nullopt;
  return std::to_string(seconds) + "s";
}

std::string quotedPattern(std::string_view text) {
  constexpr std::string_view special = "\\^$.|?*+()[]{}";
  std::string quoted;
  for (char const c : text) {
    if (special.find(c) != std::string_view::npos) quoted += '\\';
    quoted += c;
  }
  return quoted;
}

bool writeSecret(TomlWriter& out, Manifest const& secret, StoreBook& stores, Notes& notes) {
  auto const provider = textIn(secret.spec, "provider");
  if (!provider.empty() && provider != "kms") {
    notes.add(secret, "is not carried over: provider " + provider + " is not read");
    return false;
  }
  SecretWriter(out, secret, stores, notes).write();
  return true;
}

}  // namespace kms_secretd::ctl
