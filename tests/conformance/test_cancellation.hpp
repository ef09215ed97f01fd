// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>

#include <kms-secretd/cancellation.hpp>

namespace kms_secretd::conformance {

/// A cancellation that a test requests. Any thread.
class TestCancellation final : public sdk::Cancellation {
 public:
  TestCancellation() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  ~TestCancellation() override { ::close(fd_); }
  TestCancellation(TestCancellation const&) = delete;
  TestCancellation& operator=(TestCancellation const&) = delete;

  void request() noexcept {
    requested_ = true;
    ::eventfd_write(fd_, 1);
  }
  [[nodiscard]] bool requested() const noexcept override { return requested_; }
  [[nodiscard]] int wakeFd() const noexcept override { return fd_; }

 private:
  int fd_;
  std::atomic<bool> requested_{false};
};

}  // namespace kms_secretd::conformance
