// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "config/load.hpp"
#include "target.hpp"

namespace kms_secretd::fuzz {
namespace {

// One backend without options, so that stores can be valid.
class OneBackend final : public config::BackendCatalog {
 public:
  config::BackendLookup find(std::string const& name) override {
    if (name != "file") return config::BackendRefusal{"there is no such plugin"};
    return config::BackendDescription{.name = name, .version = "1", .options = {}};
  }
};

}  // namespace

void feed(std::string_view input) {
  OneBackend catalog;
  (void)config::loadTexts({{.name = "fuzz.toml", .text = std::string(input)}}, catalog,
                          [](std::string_view text) { return std::string(text); });
}

std::vector<std::string_view> seeds() {
  return {R"(instance = "default"
[polling]
interval = "120s"
[kubernetes]
kubeconfig = "/etc/kubernetes/kms-secretd.conf"
[store.shared]
backend = "file"
[[secret]]
namespace = "payments"
name = "db"
[[secret.data]]
source = "prod/payments/db"
key = "password"
)",
          "a = { b = [1, 2.5, 1979-05-27T07:32:00Z], \"c\" = '''x''' }\n", ""};
}

}  // namespace kms_secretd::fuzz
