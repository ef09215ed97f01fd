// SPDX-License-Identifier: Apache-2.0
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "conformance/fixture.hpp"
#include "conformance/loaded_backend.hpp"
#include "conformance/temporary_directory.hpp"
#include "fakes/fake_host.hpp"

// The conformance suite over plugins/file.

namespace kms_secretd::conformance {

namespace {

constexpr ::uid_t nobody = 65534;

/// The plugin to test; the check of the plugin guide puts the one there that it built.
std::string pluginFile() {
  auto const* const other = std::getenv("KMS_SECRETD_FILE_PLUGIN");
  return other != nullptr ? other : KMS_SECRETD_FILE_PLUGIN;
}

class FileFixture final : public Fixture {
 public:
  FileFixture() { std::filesystem::create_directories(store_.at("data/sub")); }
  ~FileFixture() override {
    if (asNobody_) ::setfsuid(::geteuid());
  }
  FileFixture(FileFixture const&) = delete;
  FileFixture& operator=(FileFixture const&) = delete;

  [[nodiscard]] Abilities abilities() const override { return {.tellsBinary = false}; }
  [[nodiscard]] sdk::Backend& backend() override { return loaded_.backend(); }
  [[nodiscard]] backends::PluginLibrary const& plugin() const override { return loaded_.plugin(); }
  [[nodiscard]] sdk::Clock const& clock() const override { return host_.clock(); }
  void remake() override { loaded_.remake(); }

  void put(std::string const& name, std::string const& bytes, sdk::DataType /*type*/) override {
    store_.write("data/" + name, bytes);
  }
  void remove(std::string const& name) override {
    std::filesystem::remove(store_.at("data/" + name));
  }
  /// Root reads everything: there this thread reads as nobody.
  sdk::FailureKind breakAccess(std::string const& name) override {
    ::chmod(store_.at("data/" + name).c_str(), 0);
    asNobody_ = ::geteuid() == 0;
    if (asNobody_) ::setfsuid(nobody);
    return sdk::FailureKind::permission_denied;
  }
  std::vector<std::string> escapes(std::string const& canary) override {
    namespace fs = std::filesystem;
    store_.write("outside", canary);
    fs::create_symlink("../outside", store_.at("data/relative-link"));
    fs::create_symlink(store_.at("outside"), store_.at("data/absolute-link"));
    fs::create_directory_symlink("..", store_.at("data/parent"));
    fs::create_directory_symlink(store_.path(), store_.at("data/absolute-parent"));
    fs::create_symlink("loop", store_.at("data/loop"));
    return {"../outside",
            "sub/../../outside",
            "sub/../../data/../outside",
            "relative-link",
            "absolute-link",
            "parent/outside",
            "loop",
            "absolute-parent/outside",
            store_.at("outside"),
            "./../outside",
            "/proc/self/cwd/../outside",
            "data/../../outside"};
  }

 private:
  fakes::FakeHost host_;
  TemporaryDirectory store_;
  LoadedBackend loaded_{pluginFile(), {{"directory", sdk::OptionValue{store_.at("data")}}}, host_};
  bool asNobody_ = false;
};

}  // namespace

std::unique_ptr<Fixture> makeFixture() { return std::make_unique<FileFixture>(); }

}  // namespace kms_secretd::conformance
