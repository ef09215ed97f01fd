// SPDX-License-Identifier: Apache-2.0
// Proves wiping_new.cpp in a program without CppUTest, whose library brings an operator delete of
// its own. Exit code 0 = every kind of freed block was overwritten. Looks at freed memory on
// purpose, which only works without sanitizers; there wiping_new.cpp is not linked either.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <new>
#include <sstream>
#include <string>
#include <vector>

namespace {

constexpr std::size_t blockSize = 600;
// malloc keeps its list pointers in the first bytes of a freed block.
constexpr std::size_t hiddenByMalloc = 32;

struct alignas(64) Wide {
  char bytes[blockSize];
};
struct Plain {
  char bytes[blockSize];
};

// The address as a number, so that the compiler does not reason about the freed block.
std::uintptr_t volatile lastBlock = 0;

void fill(void* block, std::size_t size) {
  std::memset(block, 'S', size);
  lastBlock = reinterpret_cast<std::uintptr_t>(block);
}

bool wiped(char const* what) {
  auto const* const bytes = reinterpret_cast<char const volatile*>(lastBlock);
  for (std::size_t i = hiddenByMalloc; i < blockSize; ++i) {
    if (bytes[i] == 'S') {
      std::printf("not wiped: %s\n", what);
      return false;
    }
  }
  return true;
}

bool scalarsAndArrays() {
  auto* const one = new Plain;
  fill(one, sizeof(*one));
  delete one;
  if (!wiped("delete")) return false;
  auto* const many = new char[blockSize];
  fill(many, blockSize);
  delete[] many;
  return wiped("delete[]");
}

bool aligned() {
  auto* const one = new Wide;
  fill(one, blockSize);
  delete one;
  if (!wiped("aligned delete")) return false;
  auto* const many = new Wide[2];
  fill(many, blockSize);
  delete[] many;
  return wiped("aligned delete[]");
}

template <class... Extra>
bool directly(char const* what, Extra... extra) {
  void* const block = ::operator new(blockSize);
  fill(block, blockSize);
  ::operator delete(block, extra...);
  return wiped(what);
}

// The delete is called inside libstdc++: it must have found ours.
bool insideALibrary() {
  auto* const stream = new std::ostringstream;
  *stream << std::string(blockSize, 'S');
  auto const& text = stream->view();
  lastBlock = reinterpret_cast<std::uintptr_t>(text.data());
  delete stream;
  return wiped("a string freed inside libstdc++");
}

bool containers() {
  std::vector<char> bytes(blockSize, 'S');
  lastBlock = reinterpret_cast<std::uintptr_t>(bytes.data());
  bytes = {};
  bytes.shrink_to_fit();
  return wiped("a vector");
}

}  // namespace

int main() {
  bool const ok = scalarsAndArrays() && aligned() && directly("plain") &&
                  directly("sized", blockSize) && directly("nothrow", std::nothrow) &&
                  insideALibrary() && containers();
  ::operator delete(nullptr);
  return ok ? 0 : 1;
}
