// SPDX-License-Identifier: Apache-2.0
#include "app/render_command.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include "backends/backend_instance.hpp"
#include "backends/plugin_error.hpp"
#include "core/nearest.hpp"
#include "fetch/fetcher.hpp"
#include "platform/secret_source.hpp"
#include "transform/document.hpp"
#include "transform/render.hpp"

namespace kms_secretd::app {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t maxInputBytes = std::size_t{16} << 20;
constexpr char const* offlineBackend = "file";

// What a backend gets that must not reach beyond this host.
class OfflineHost final : public sdk::Host {
 public:
  explicit OfflineHost(sdk::Clock const& clock) : clock_(clock) {}

  sdk::Result<std::unique_ptr<sdk::Transport>> openTransport(
      sdk::TransportSpec const&) noexcept override {
    return refused();
  }
  sdk::Result<std::unique_ptr<sdk::SecretSource>> openSecretSource(
      sdk::SecretRef const& ref) noexcept override {
    return platform::openSecretSource(ref);
  }
  sdk::Result<sdk::ServiceAccountToken> serviceAccountToken(
      sdk::ServiceAccountTokenRequest const&) noexcept override {
    return refused();
  }
  [[nodiscard]] sdk::Clock const& clock() const noexcept override { return clock_; }
  [[nodiscard]] std::string userAgent() const override { return "kms-secretd"; }

 private:
  static sdk::Failure refused() {
    return {.kind = sdk::FailureKind::unavailable, .message = "--render works offline"};
  }

  sdk::Clock const& clock_;
};

core::FetchedSource given(core::SourceRef source, std::string_view bytes,
                          std::string_view extendedConfig = {}) {
  sdk::FetchedSecret secret;
  secret.value = sdk::SecretBytes(bytes);
  secret.extendedConfig = sdk::SecretBytes(extendedConfig);
  secret.versionId = "given";
  return {.source = std::move(source),
          .secret = std::make_shared<sdk::FetchedSecret const>(std::move(secret))};
}

std::string listOf(std::vector<core::SourceRef> const& sources) {
  std::string text;
  for (auto const& source : sources) {
    if (!text.empty()) text += ", ";
    text += source.text();
  }
  return text;
}

// Standard input to its end; nothing if there is more than allowed.
std::optional<std::string> readInput() {
  std::string input;
  std::array<char, 65'536> block{};
  while (auto const got = std::fread(block.data(), 1, block.size(), stdin)) {
    input.append(block.data(), got);
    if (input.size() > maxInputBytes) return std::nullopt;
  }
  return input;
}

// What a terminal would obey is shown as \xNN.
std::string printable(std::string_view bytes) {
  static constexpr char const* digits = "0123456789abcdef";
  std::string text;
  for (char const c : bytes) {
    auto const byte = static_cast<unsigned char>(c);
    if ((byte >= 0x20 && byte != 0x7f) || c == '\n' || c == '\t') {
      text += c;
    } else {
      text.append("\\x") += digits[byte >> 4U];
      text += digits[byte & 15U];
    }
  }
  return text;
}

int refuse(std::string const& why) {
  std::fprintf(stderr, "kms-secretd: %s\n", why.c_str());
  return 1;
}

class RenderRun {
 public:
  RenderRun(RenderOrder const& order, backends::PluginRegistry& plugins, sdk::Clock const& clock)
      : order_(order), plugins_(plugins), clock_(clock), host_(clock) {}

  int run() {
    if (order_.showValues && ::isatty(STDOUT_FILENO) == 0) {
      return refuse("--show-values prints values only to a terminal, not into a file or pipe");
    }
    auto const* definition = find();
    if (definition == nullptr) return refuse(unknown());
    auto fetched = fetch(*definition);
    if (auto const* why = std::get_if<std::string>(&fetched)) return refuse(*why);
    return print(transform::render(*definition, std::get<core::Fetched>(fetched)));
  }

 private:
  [[nodiscard]] core::TargetDefinition const* find() const {
    for (auto const& target : order_.config.targets) {
      if (target->id.text() == order_.definition) return target.get();
    }
    return nullptr;
  }

  [[nodiscard]] std::string unknown() const {
    std::vector<std::string> names;
    for (auto const& target : order_.config.targets) names.push_back(target->id.text());
    auto const near = core::nearest(order_.definition, names);
    auto text = "no [[secret]] defines " + order_.definition + "; ";
    return text + (near ? "did you mean " + *near + "?" : "write --render NAMESPACE/NAME");
  }

  std::variant<core::Fetched, std::string> fetch(core::TargetDefinition const& definition) {
    core::Fetched all;
    std::vector<core::SourceRef> wanted;
    for (auto const& source : definition.reads()) {
      auto const& store = order_.config.stores.at(source.store);
      if (store.backend != offlineBackend) {
        wanted.push_back(source);
      } else if (auto why = readFile(store, source, all)) {
        return *why;
      }
    }
    if (wanted.empty()) return all;
    auto const input = readInput();
    if (!input) return std::string("there are more than 16 MiB on standard input");
    auto values = valuesFrom(*input, wanted, fetch::extendedReads(order_.config.targets));
    if (auto* why = std::get_if<std::string>(&values)) return std::move(*why);
    std::ranges::move(std::get<core::Fetched>(values).sources, std::back_inserter(all.sources));
    return all;
  }

  // Puts the value into `all`; says why it cannot.
  std::optional<std::string> readFile(core::StoreConfig const& store, core::SourceRef const& source,
                                      core::Fetched& all) {
    try {
      backends::BackendInstance backend(plugins_.load(store.backend), store.options, host_);
      auto read = backend.fetch({.name = source.name,
                                 .versionStage = source.versionStage,
                                 .versionId = source.versionId,
                                 .deadline = clock_.boot() + 15s});
      if (!read.ok()) return source.text() + ": " + read.failure().message;
      all.sources.push_back(
          {source, std::make_shared<sdk::FetchedSecret const>(std::move(read).value())});
      return std::nullopt;
    } catch (backends::PluginError const& error) {
      return "store " + store.name + ": " + error.what();
    }
  }

  int print(core::RenderResult const& result) const {
    if (auto const* failure = std::get_if<core::RenderFailure>(&result)) {
      return refuse(order_.definition + ": " + failure->message);
    }
    auto const& rendered = std::get<core::Rendered>(result);
    auto const text = listing(rendered, order_.showValues);
    std::fwrite(text.data(), 1, text.size(), stdout);
    for (auto const& note : rendered.notes) std::fprintf(stderr, "note: %s\n", note.c_str());
    return std::fflush(stdout) == 0 ? 0 : 1;
  }

  RenderOrder const& order_;
  backends::PluginRegistry& plugins_;
  sdk::Clock const& clock_;
  OfflineHost host_;
};

}  // namespace

std::variant<core::Fetched, std::string> valuesFrom(std::string_view input,
                                                    std::vector<core::SourceRef> const& sources,
                                                    std::set<core::SourceRef> const& extended) {
  core::Fetched fetched;
  if (sources.size() == 1 && !extended.contains(sources.front())) {
    fetched.sources.push_back(given(sources.front(), input));
    return fetched;
  }
  auto const read = transform::readJson(input);
  auto const* object = std::get_if<transform::Value>(&read);
  if (object == nullptr || !object->is(transform::Kind::object)) {
    return "standard input must be a JSON object with the values of " + listOf(sources);
  }
  std::string missing;
  auto const textOf = [&](std::string const& member) -> std::string {
    auto const* value = object->find(member);
    if (value != nullptr && value->is(transform::Kind::string)) return value->text();
    if (missing.empty()) missing = member;
    return {};
  };
  for (auto const& source : sources) {
    auto const config =
        extended.contains(source) ? textOf(source.text() + " extended_config") : std::string();
    fetched.sources.push_back(given(source, textOf(source.text()), config));
  }
  if (missing.empty()) return fetched;
  return "the JSON object on standard input has no string \"" + missing + "\"";
}

std::string listing(core::Rendered const& rendered, bool values) {
  std::string text;
  for (auto const& [key, value] : rendered.keys) {
    text += key + "\t" + std::to_string(value.size());
    text += value.size() == 1 ? " byte\n" : " bytes\n";
    if (values) text.append(printable(value.reveal())).append("\n");
  }
  return text;
}

int runRender(RenderOrder const& order, backends::PluginRegistry& plugins,
              sdk::Clock const& clock) {
  return RenderRun(order, plugins, clock).run();
}

}  // namespace kms_secretd::app
