// SPDX-License-Identifier: Apache-2.0
#include "app/notices.hpp"

#include <utility>

namespace kms_secretd::app {
namespace {

constexpr std::size_t mostNotices = 100;

}  // namespace

void Notices::add(Notice notice) {
  auto notices = notices_.lock();
  if (notices->size() < mostNotices) notices->push_back(std::move(notice));
}

std::vector<Notices::Notice> Notices::take() { return std::exchange(*notices_.lock(), {}); }

}  // namespace kms_secretd::app
