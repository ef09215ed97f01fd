// SPDX-License-Identifier: Apache-2.0
#include "backends/plugin_library.hpp"

#include <dlfcn.h>
#include <link.h>

#include <exception>
#include <string_view>
#include <utility>

#include <boost/dll/shared_library.hpp>

#include "backends/descriptor_check.hpp"
#include "backends/printable.hpp"

namespace kms_secretd::backends {

namespace {

constexpr char symbolName[] = "kms_secretd_plugin";
constexpr std::size_t maxReasonBytes = 512;

/// rtld_now: an undefined symbol shows here and not in the middle of a round. rtld_local: plugins
/// do not see each other. RTLD_NODELETE (Boost passes it on): closing the handle unmaps nothing.
constexpr auto loadMode = static_cast<boost::dll::load_mode::type>(
    boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local | RTLD_NODELETE);

/// Boost's error codes are junk here; its text carries what dlerror() said, between these words.
std::string linkerReason(std::string_view text) {
  constexpr std::string_view before = "dlerror system message: ";
  constexpr std::string_view after = "): ";
  if (auto const at = text.find(before); at != std::string_view::npos) {
    text.remove_prefix(at + before.size());
    text = text.substr(0, text.rfind(after));
  }
  return printable(text, maxReasonBytes);
}

boost::dll::shared_library open(std::string const& file) {
  try {
    return boost::dll::shared_library(file, loadMode);
  } catch (std::exception const& error) {
    throw PluginError("plugin " + file + " cannot be loaded: " + linkerReason(error.what()));
  }
}

/// The size that the library's symbol table gives the object at `address`; 0 if unknown.
std::size_t sizeOf(void const* address) {
  Dl_info info{};
  void* extra = nullptr;
  if (::dladdr1(address, &info, &extra, RTLD_DL_SYMENT) == 0 || extra == nullptr) return 0;
  return static_cast<ElfW(Sym) const*>(extra)->st_size;
}

void const* find(boost::dll::shared_library const& library, std::string const& file) {
  if (!library.has(symbolName)) {
    throw refused(file, {"no symbol kms_secretd_plugin", "a plugin (see KMS_SECRETD_PLUGIN)"});
  }
  return &library.get<char const>(symbolName);
}

}  // namespace

std::shared_ptr<PluginLibrary const> PluginLibrary::load(PluginDirectory const& directory,
                                                         std::string const& name) {
  auto file = checkPluginFile(directory, name);
  auto const library = open(file);
  auto const* const address = find(library, file);
  require(file, checkDescriptor({address, sizeOf(address)}, name));
  // Shared: each backend keeps its library, whatever becomes of the registry. Immutable.
  return std::shared_ptr<PluginLibrary const>(
      new PluginLibrary(std::move(file), static_cast<sdk::PluginDescriptor const*>(address)));
}

}  // namespace kms_secretd::backends
