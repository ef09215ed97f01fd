// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include <kms-secretd/backend.hpp>
#include <kms-secretd/host.hpp>
#include <kms-secretd/options.hpp>

// The handshake. A plugin exports exactly one symbol, `kms_secretd_plugin`, a constant of type
// PluginDescriptor. The loader compares it field by field before any C++ object crosses.

namespace kms_secretd::sdk {

inline constexpr char pluginMagic[8] = {'K', 'M', 'S', 'P', 'L', 'U', 'G', '1'};
inline constexpr std::uint16_t sdkMajor = 1;  ///< grows when something breaks
inline constexpr std::uint16_t sdkMinor = 3;  ///< grows when something is appended

#define KMS_SECRETD_TEXT_(x) #x
#define KMS_SECRETD_TEXT(x) KMS_SECRETD_TEXT_(x)
#ifdef _GLIBCXX_DEBUG
#define KMS_SECRETD_DEBUG_TAG "debug"
#else
#define KMS_SECRETD_DEBUG_TAG "nodebug"
#endif
#ifdef _LIBCPP_VERSION
#define KMS_SECRETD_STDLIB_TAG "libc++"
#else
#define KMS_SECRETD_STDLIB_TAG "libstdc++-cxx11abi" KMS_SECRETD_TEXT(_GLIBCXX_USE_CXX11_ABI)
#endif

/// What must be equal on both sides before C++ types may cross.
inline constexpr char buildTag[] =
    "gxx" KMS_SECRETD_TEXT(__GXX_ABI_VERSION) " " KMS_SECRETD_STDLIB_TAG " " KMS_SECRETD_DEBUG_TAG
                                              " c++" KMS_SECRETD_TEXT(__cplusplus);

/// What create() hands back: a backend, or why there is none.
struct CreateOutcome {
  Backend* backend = nullptr;  ///< owned by the host, which gives it back to `destroy`
  std::string option{};        ///< dotted path of the offending option, or empty
  std::string message{};       ///< one sentence, if `backend` is null
};

/// A plugin's constant self-description. Standard layout, append only, with its own size.
struct PluginDescriptor {
  char magic[8];              ///< pluginMagic
  std::uint32_t size;         ///< sizeof(PluginDescriptor) of the plugin's SDK
  std::uint16_t major;        ///< sdkMajor: must be equal
  std::uint16_t minor;        ///< sdkMinor: at most the host's
  char const* buildTag;       ///< must be equal
  char const* name;           ///< the `backend = "..."` of a store; equals the file name
  char const* version;        ///< the plugin's own version
  std::uint32_t maxParallel;  ///< concurrent fetch() calls per backend object, at least 1
  std::uint32_t optionCount;
  OptionDeclaration const* options;  ///< what a [store.*] table of this backend may hold
  /// Makes one backend. Opens no connection and reads no secret: it also runs for --check-config.
  void (*create)(Options const& options, Host& host, CreateOutcome& outcome);
  void (*destroy)(Backend* backend);
};
static_assert(std::is_standard_layout_v<PluginDescriptor>);
static_assert(std::is_trivially_copyable_v<PluginDescriptor>);

/// A configuration that the backend cannot work with; thrown by its constructor, turned into a
/// CreateOutcome before the boundary.
class OptionError : public std::runtime_error {
 public:
  /// `option` is the dotted path, e.g. "auth.id".
  OptionError(std::string option, std::string const& message)
      : std::runtime_error(message), option_(std::move(option)) {}
  /// The dotted path given.
  [[nodiscard]] std::string const& option() const noexcept { return option_; }

 private:
  std::string option_;
};

/// Compiled into the plugin: no exception of the plugin leaves its library.
template <class B>
void createBackend(Options const& options, Host& host, CreateOutcome& outcome) {
  try {
    outcome.backend = std::make_unique<B>(options, host).release();
  } catch (OptionError const& error) {
    outcome.option = error.option();
    outcome.message = error.what();
  } catch (std::exception const& error) {
    outcome.message = error.what();
  } catch (...) {
    outcome.message = "the plugin failed with an unknown exception";
  }
}

/// Compiled into the plugin: the object dies where its code lives.
template <class B>
void destroyBackend(Backend* backend) {
  delete static_cast<B*>(backend);
}

/// Runs `body` (returning Result<T>) and turns whatever it throws into a Failure of kind internal.
template <class Body>
auto guarded(Body&& body) noexcept -> decltype(body()) {
  try {
    return std::forward<Body>(body)();
  } catch (std::exception const& error) {
    return Failure{.kind = FailureKind::internal, .message = error.what()};
  } catch (...) {
    return Failure{.kind = FailureKind::internal, .message = "unknown exception in the plugin"};
  }
}

}  // namespace kms_secretd::sdk

/// Exports the descriptor for backend class `Class`, constructible from (Options const&, Host&).
/// `optionArray` is an array of OptionDeclaration with static lifetime.
#define KMS_SECRETD_PLUGIN(Class, pluginName, pluginVersion, parallel, optionArray) \
  extern "C" __attribute__((visibility("default")))                                 \
  const ::kms_secretd::sdk::PluginDescriptor kms_secretd_plugin = {                 \
      {'K', 'M', 'S', 'P', 'L', 'U', 'G', '1'},                                     \
      sizeof(::kms_secretd::sdk::PluginDescriptor),                                 \
      ::kms_secretd::sdk::sdkMajor,                                                 \
      ::kms_secretd::sdk::sdkMinor,                                                 \
      ::kms_secretd::sdk::buildTag,                                                 \
      pluginName,                                                                   \
      pluginVersion,                                                                \
      parallel,                                                                     \
      static_cast<std::uint32_t>(std::size(optionArray)),                           \
      optionArray,                                                                  \
      &::kms_secretd::sdk::createBackend<Class>,                                    \
      &::kms_secretd::sdk::destroyBackend<Class>}
