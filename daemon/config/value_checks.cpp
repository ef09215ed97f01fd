// SPDX-License-Identifier: Apache-2.0
#include "config/value_checks.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

#include "config/expression_checks.hpp"
#include "config/kubernetes_syntax.hpp"
#include "config/option_views.hpp"
#include "config/value_declarations.hpp"
#include "config/value_fields.hpp"
#include "core/nearest.hpp"
#include "core/secret_types.hpp"

namespace kms_secretd::config {

namespace {

struct TextCheck {
  char const* name;
  Fault (*faultOf)(std::string_view);
};

constexpr std::array readChecks{TextCheck{"source", sourceNameFault},
                                TextCheck{"key", dataKeyFault}, TextCheck{"store", storeNameFault},
                                TextCheck{"version_stage", sourceNameFault},
                                TextCheck{"version_id", sourceNameFault}};
constexpr std::array aliasChecks{TextCheck{"object_alias", dataKeyFault}};
constexpr std::array templateChecks{TextCheck{"key", dataKeyFault}};

/// One name of a value and where it was given.
struct Name {
  std::string const& text;
  core::Origin const& origin;
};

/// Checks one secret.
class ValueChecker {
 public:
  ValueChecker(core::TargetDefinition const& target, CheckedTable const& secret, Findings& findings)
      : target_(target), secret_(secret), findings_(findings) {}

  void run() {
    each("data", [this](auto const& options, auto const& path) { checkData(options, path); });
    each("data_process", [this](auto const& options, auto const& path) {
      checkTexts(readChecks, tableOf(options, "extract"), dotted(path, "extract"));
      checkPin(tableOf(options, "extract"), dotted(path, "extract"));
    });
    each("template", [this](auto const& options, auto const& path) {
      checkTexts(templateChecks, options, path);
    });
    checkPresence();
    checkDoubleNames();
    checkBuilds();
    if (!target_.data.empty() || !target_.extractions.empty()) checkDemandedKeys();
  }

 private:
  template <class Check>
  void each(char const* name, Check const& check) {
    auto const& tables = tablesOf(secret_.options, name);
    for (std::size_t i = 0; i < tables.size(); ++i) check(tables[i], indexed(name, i));
  }

  template <std::size_t N>
  void checkTexts(std::array<TextCheck, N> const& checks, sdk::Options const& options,
                  std::string const& path) {
    for (auto const& check : checks) {
      auto const* const text = findText(options, check.name);
      if (text == nullptr) continue;
      if (auto const fault = check.faultOf(*text)) {
        findings_.error(secret_.originOf(dotted(path, check.name)),
                        shown(check.name) + " is " + shown(*text), "it " + *fault);
      }
    }
  }

  void checkData(sdk::Options const& options, std::string const& path) {
    checkTexts(readChecks, options, path);
    checkPin(options, path);
    auto const& paths = tablesOf(options, "jmes_path");
    for (std::size_t i = 0; i < paths.size(); ++i) {
      checkTexts(aliasChecks, paths[i], indexed(dotted(path, "jmes_path"), i));
    }
    if (paths.empty()) {
      checkDefaultKey(options, path);
    } else if (options.has("key")) {
      findings_.error(secret_.originOf(dotted(path, "key")), "'key' stands beside jmes_path",
                      "remove it: every path has its own key, object_alias");
    }
  }

  void checkDefaultKey(sdk::Options const& options, std::string const& path) {
    auto const source = options.text("source");
    if (options.has("key") || sourceNameFault(source)) return;
    auto const key = lastSegment(source);
    if (dataKeyFault(key)) {
      findings_.error(secret_.originOf(dotted(path, "source")),
                      "the last segment of source, " + shown(key) + ", is no key of a Secret",
                      "add key = \"...\" with letters, digits, '-', '_' and '.'");
    }
  }

  void checkPin(sdk::Options const& options, std::string const& path) {
    if (!options.has("version_id") || !options.has("version_stage")) return;
    findings_.error(secret_.originOf(dotted(path, "version_stage")),
                    "version_stage stands beside version_id",
                    "keep one: a pinned version loses its stage at the next rotation");
  }

  void checkPresence() {
    bool const given = secret_.origins.contains("data") || secret_.origins.contains("data_process");
    if (!given) {
      findings_.error(secret_.origin, "[[secret.data]] is missing",
                      "add [[secret.data]] or [[secret.data_process]]: a Secret gets its keys "
                      "from values");
    } else if (secret_.options.has("data") && target_.data.empty()) {
      findings_.error(secret_.originOf("data"), "'data' is an empty list",
                      "add a [[secret.data]]: a Secret without keys is not written");
    }
  }

  /// Names of values that are known without the values; those that make keys, or all.
  [[nodiscard]] std::vector<Name> valueNames(bool all) const {
    std::vector<Name> names;
    for (auto const& entry : target_.data) {
      if (entry.templateOnly && !all) continue;
      if (entry.paths.empty()) names.push_back({entry.key, entry.origin});
      for (auto const& path : entry.paths) names.push_back({path.key, path.origin});
    }
    return names;
  }

  /// Values have names of their own: one that makes no key may be called as a key that is built.
  void checkDoubleNames() {
    auto keys = valueNames(false);
    for (auto const& entry : target_.templates) keys.push_back({entry.key, entry.origin});
    auto const built =
        target_.builds.empty() ? std::vector<std::string>{} : core::builtKeys(target_.type);
    for (auto const& key : built) keys.push_back({key, target_.builds.front().origin});
    if (!checkDoubles(keys)) return;
    if (std::ranges::any_of(target_.data, &core::DataEntry::templateOnly)) {
      checkDoubles(valueNames(true));
    }
  }

  bool checkDoubles(std::vector<Name> const& names) {
    std::map<std::string_view, core::Origin const*> seen;
    bool good = true;
    for (auto const& name : names) {
      if (name.text.empty()) continue;
      auto const [at, isNew] = seen.emplace(name.text, &name.origin);
      if (isNew) continue;
      good = false;
      findings_.error(name.origin,
                      "key " + shown(name.text) + " was already filled at " + at->second->text(),
                      "give one of the two another key = \"...\"");
    }
    return good;
  }

  void checkBuilds() {
    if (target_.builds.empty()) return;
    if (core::builtKeys(target_.type).empty()) {
      findings_.error(target_.builds.front().origin,
                      "there is no builder for Secrets of type " + shown(target_.type),
                      "write type = \"kubernetes.io/dockerconfigjson\", \"kubernetes.io/tls\", "
                      "\"kubernetes.io/basic-auth\" or \"kubernetes.io/ssh-auth\"");
      return;
    }
    if (target_.builds.size() > 1 && target_.type != core::dockerConfigType) {
      findings_.error(target_.builds[1].origin, "there is a second [[secret.build]]",
                      "only image pull credentials have several, one for each registry");
    }
    each("build", [this](auto const& options, auto const& path) { checkBuild(options, path); });
  }

  /// Needed and allowed members of [[secret.build]], by type.
  struct BuildMembers {
    std::vector<std::string> needed;
    std::vector<std::string> allowed;
  };
  [[nodiscard]] BuildMembers buildMembers() const {
    if (target_.type == core::dockerConfigType) {
      return {{"registry", "username", "password"}, {"email"}};
    }
    if (target_.type == core::tlsType) return {{"certificate", "private_key"}, {"chain"}};
    if (target_.type == core::basicAuthType) return {{}, {"username", "password"}};
    return {{"private_key"}, {}};
  }

  void checkBuild(sdk::Options const& options, std::string const& path) {
    auto const members = buildMembers();
    auto allowed = members.needed;
    allowed.insert(allowed.end(), members.allowed.begin(), members.allowed.end());
    for (auto const& option : buildOptions()) {
      std::string const name = option.name;
      bool const fits = std::ranges::find(allowed, name) != allowed.end();
      if (options.has(name) && !fits) {
        findings_.error(secret_.originOf(dotted(path, name)),
                        shown(name) + " has no part in a Secret of type " + shown(target_.type),
                        "remove it; used are " + oneOf(allowed));
      } else if (options.has(name) && name != "registry") {
        checkValueName(options.text(name), dotted(path, name));
      }
    }
    for (auto const& name : members.needed) {
      if (options.has(name)) continue;
      findings_.error(
          secret_.originOf(path), shown(name) + " is missing in [[secret.build]]",
          "add it: a Secret of type " + shown(target_.type) + " cannot be built without");
    }
  }

  void checkValueName(std::string const& name, std::string const& path) {
    if (!target_.extractions.empty()) return;
    std::vector<std::string> known;
    for (auto const& each : valueNames(true)) known.push_back(each.text);
    if (std::ranges::find(known, name) != known.end()) return;
    auto const near = core::nearest(name, known);
    findings_.error(secret_.originOf(path), "there is no value named " + shown(name),
                    near ? "did you mean " + shown(*near) + "?"
                         : "it is the key or object_alias of a [[secret.data]]");
  }

  void checkDemandedKeys() {
    if (target_.creation == core::CreationPolicy::merge) return;
    auto const demanded = core::requiredKeys(target_.type);
    if (demanded.empty()) return;
    auto const keys = target_.knownKeys(true);
    if (!keys) return;
    auto const present = [&](std::string const& key) {
      return std::ranges::find(*keys, key) != keys->end();
    };
    for (auto const& group : demanded) {
      if (std::ranges::any_of(group, present)) continue;
      findings_.error(target_.origin,
                      "a Secret of type " + shown(target_.type) + " needs the key " + oneOf(group),
                      "add a [[secret.data]] with that key, or use another type");
    }
  }

  core::TargetDefinition const& target_;
  CheckedTable const& secret_;
  Findings& findings_;
};

}  // namespace

void checkValues(core::TargetDefinition const& target, CheckedTable const& secret,
                 FileContext const& file) {
  ValueChecker(target, secret, file.findings).run();
  checkExpressions(target, secret, file);
}

}  // namespace kms_secretd::config
