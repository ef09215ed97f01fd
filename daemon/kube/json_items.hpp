// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include <boost/json/object.hpp>

namespace kms_secretd::kube {

/// Takes what JsonItems found. False ends the reading.
class JsonItemSink {
 public:
  virtual ~JsonItemSink() = default;
  /// An element of a list's "items", or one document of a stream.
  virtual bool onItem(boost::json::object const& item) = 0;
  /// A list's own "metadata"; may come before or after its items.
  virtual bool onListMetadata(boost::json::object const&) { return true; }
};

/// Reads a list or a stream of JSON objects piece by piece and keeps one object at a time: memory
/// does not grow with the list. One thread; one object per reply.
class JsonItems {
 public:
  /// list: one document with "metadata" and "items"; stream: documents one after the other.
  enum class Shape { list, stream };

  /// `sink` outlives the reader. An object over `maxItemBytes` is refused.
  JsonItems(Shape shape, JsonItemSink& sink, std::size_t maxItemBytes = 2 * 1024 * 1024);
  ~JsonItems();
  JsonItems(JsonItems const&) = delete;
  JsonItems& operator=(JsonItems const&) = delete;

  /// Reads on. False once the text is not JSON, an object is too large, or the sink wants no more.
  [[nodiscard]] bool write(std::string_view bytes);
  /// True if the text so far is whole: a list's end was read, or a stream ends between documents.
  [[nodiscard]] bool whole() const noexcept;

 private:
  struct Reader;
  std::unique_ptr<Reader> reader_;
};

}  // namespace kms_secretd::kube
