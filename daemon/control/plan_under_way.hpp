// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platform/guarded.hpp"
#include "platform/stop.hpp"
#include "platform/wake_event.hpp"

namespace kms_secretd::control {

/// Somebody's wish to see what the next rounds would do.
struct PlanRequest {
  std::vector<std::string> targets{};  ///< "[cluster:]namespace/name" each; empty: all
  bool pending = true;                 ///< by the configuration as it is on disk, else in force
};

/// A plan that somebody waits for while somebody else makes it. Any thread.
class PlanUnderWay {
 public:
  /// Asks the maker to come to an end with what it knows: nobody waits, or not any longer.
  void end() noexcept { ending_.request(); }
  /// Requested by end(); lives as long as this object.
  [[nodiscard]] platform::EventCancellation const& ending() const noexcept { return ending_; }
  /// The maker's last word, once: a JSON document, empty where the making broke off.
  void finish(std::string document) {
    *document_.lock() = std::move(document);
    finished_.set();
  }
  /// What finish() was told; nothing before.
  [[nodiscard]] std::optional<std::string> document() { return *document_.lock(); }
  /// Readable once finish() was called.
  [[nodiscard]] int wakeFd() const noexcept { return finished_.fd(); }

 private:
  platform::EventCancellation ending_{};
  platform::Guarded<std::optional<std::string>> document_{};
  platform::WakeEvent finished_{};
};

/// Why no plan is begun.
enum class PlanRefusal {
  none,
  busy,                   ///< another one is under way
  unknown_target,         ///< a name that no definition has
  configuration_refused,  ///< what is on disk cannot be put into force
};

/// What came of a PlanRequest.
struct PlanReply {
  PlanRefusal refusal = PlanRefusal::none;
  std::string why{};
  std::shared_ptr<PlanUnderWay> plan{};  ///< shared by who waits and who makes; null if refused
};

}  // namespace kms_secretd::control
