// SPDX-License-Identifier: Apache-2.0
#include "app/store_host.hpp"

#include <exception>

#include "backends/printable.hpp"
#include "backends/result_guard.hpp"

namespace kms_secretd::app {
namespace {

constexpr std::size_t longestName = 200;

}  // namespace

void StoreHost::credentialExpires(std::string const& credential, sdk::WallTime at) noexcept {
  try {
    auto end = end_.lock();
    if (at == sdk::neverExpires) return end->reset();
    *end = CredentialEnd{.credential = backends::printable(credential, longestName), .at = at};
  } catch (std::exception const&) {
    // Out of memory: a warning is lost, which is no reason to fail a read.
  }
}

void StoreHost::notice(std::string const& text) noexcept {
  try {
    peers().notices->add(
        {.store = store_, .text = backends::printable(text, backends::maxMessageBytes)});
  } catch (std::exception const&) {
    // As above: without memory there are louder troubles than a lost line.
  }
}

void StoreHost::identityKnown(std::string const& identity) noexcept {
  try {
    *identity_.lock() = backends::printable(identity, longestName);
  } catch (std::exception const&) {
    // As above: only the status knows less.
  }
}

std::string StoreHost::identity() const { return *identity_.lock(); }

std::optional<CredentialEnd> StoreHost::credentialEnd() const { return *end_.lock(); }

}  // namespace kms_secretd::app
