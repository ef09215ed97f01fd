// SPDX-License-Identifier: Apache-2.0
#include "kube/yaml_guard.hpp"

#include <set>

#include "kube/kubeconfig.hpp"

namespace kms_secretd::kube {
namespace {

constexpr int maxDepth = 32;
constexpr int maxNodes = 100'000;
constexpr std::size_t maxShownKey = 60;

std::string placeOf(std::string const& file, YAML::Mark const& mark) {
  if (mark.is_null()) return file;
  return file + ":" + std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1);
}

class Guard {
 public:
  explicit Guard(std::string const& file) : file_(file) {}

  void check(YAML::Node const& node, int depth) {
    if (depth > maxDepth) refuse(node, "is nested deeper than 32 levels");
    if (++nodes_ > maxNodes) refuse(node, "has more than 100000 nodes");
    if (node.IsMap()) checkMap(node, depth);
    if (!node.IsSequence()) return;
    for (auto const& item : node) check(item, depth + 1);
  }

 private:
  void checkMap(YAML::Node const& node, int depth) {
    std::set<std::string> seen;
    for (auto const& member : node) {
      if (!member.first.IsScalar()) refuse(member.first, "has a key that is not plain text");
      auto const& key = member.first.Scalar();
      if (!seen.insert(key).second) {
        refuse(member.first, "has the key \"" + key.substr(0, maxShownKey) + "\" a second time");
      }
      check(member.second, depth + 1);
    }
  }

  [[noreturn]] void refuse(YAML::Node const& node, std::string const& what) const {
    throw KubeconfigError(file_, kube::placeOf(file_, node) + ": the file " + what,
                          "mend the kubeconfig");
  }

  std::string const& file_;
  int nodes_ = 0;
};

}  // namespace

std::string placeOf(std::string const& file, YAML::Node const& node) {
  return placeOf(file, node.Mark());
}

YAML::Node loadGuardedYaml(std::string_view text, std::string const& file) {
  try {
    auto const root = YAML::Load(std::string(text));
    Guard(file).check(root, 0);
    return root;
  } catch (YAML::Exception const& error) {
    throw KubeconfigError(file, placeOf(file, error.mark) + ": not YAML: " + error.msg,
                          "mend the kubeconfig");
  }
}

}  // namespace kms_secretd::kube
