// SPDX-License-Identifier: Apache-2.0
#include "kube/reply_sink.hpp"

#include <utility>

namespace kms_secretd::kube {
namespace {

constexpr std::size_t maxStatusBytes = 64 * 1024;

}  // namespace

bool ReplySink::onHead(sdk::HttpResponse&& head) noexcept {
  response_ = std::move(head);
  if (response_.status == 200) onGood_();
  return true;
}

bool ReplySink::onChunk(std::string_view bytes) noexcept {
  if (response_.status == 200) {
    refused_ = !items_.write(bytes);
    return !refused_;
  }
  response_.body.append(bytes.substr(0, maxStatusBytes - response_.body.size()));
  return response_.body.size() < maxStatusBytes;
}

}  // namespace kms_secretd::kube
