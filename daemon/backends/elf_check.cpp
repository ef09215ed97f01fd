// SPDX-License-Identifier: Apache-2.0
#include "backends/elf_check.hpp"

#include <elf.h>
#include <link.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

// The ELF header of this program, put there by the linker.
extern "C" __attribute__((visibility("hidden"))) ElfW(Ehdr) const __ehdr_start;  // NOLINT

namespace kms_secretd::backends {

namespace {

using Header = ElfW(Ehdr);
using Segment = ElfW(Phdr);
using Section = ElfW(Shdr);

constexpr char wholeElf[] = "a complete ELF shared object (install plugins by rename)";

/// Fills `size` bytes from `offset`; false if the file ends before.
bool readExactly(int fd, std::uint64_t offset, void* into, std::size_t size) {
  auto* bytes = static_cast<char*>(into);
  while (size > 0) {
    auto const got = ::pread(fd, bytes, size, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    bytes += got;
    offset += static_cast<std::uint64_t>(got);
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

/// True if [offset, offset + length) lies within the file; safe against wrapping.
bool fits(std::uint64_t offset, std::uint64_t length, std::uint64_t fileSize) noexcept {
  return offset <= fileSize && length <= fileSize - offset;
}

Refusal cutShort(char const* what, std::uint64_t fileSize) {
  return {
      std::string(what) + " beyond the end of the file (" + std::to_string(fileSize) + " bytes)",
      wholeElf};
}

ElfKind kindOf(Header const& header) noexcept {
  return {header.e_ident[EI_CLASS], header.e_ident[EI_DATA], header.e_machine};
}

std::string describe(ElfKind const& kind) {
  return "ELF class " + std::to_string(kind.fileClass) + ", byte order " +
         std::to_string(kind.byteOrder) + ", machine " + std::to_string(kind.machine);
}

Check checkHeader(Header const& header, ElfKind const& host) {
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) {
    return Refusal{"a file that is not ELF", "an ELF shared object"};
  }
  if (auto const kind = kindOf(header); kind != host) {
    return Refusal{describe(kind), describe(host) + " as the daemon itself"};
  }
  if (header.e_type != ET_DYN) {
    return Refusal{"ELF type " + std::to_string(header.e_type), "a shared object (type 3)"};
  }
  return std::nullopt;
}

/// The table of `count` entries at `offset`, or nothing if the file ends before it does.
template <class Entry>
std::optional<std::vector<Entry>> readTable(int fd, std::uint64_t offset, std::size_t count,
                                            std::uint64_t fileSize) {
  if (!fits(offset, count * sizeof(Entry), fileSize)) return std::nullopt;
  std::vector<Entry> table(count);
  if (!readExactly(fd, offset, table.data(), count * sizeof(Entry))) return std::nullopt;
  return table;
}

Check checkSegments(int fd, Header const& header, std::uint64_t fileSize) {
  if (header.e_phnum == 0 || header.e_phentsize != sizeof(Segment)) {
    return Refusal{"no readable table of segments", wholeElf};
  }
  auto const segments = readTable<Segment>(fd, header.e_phoff, header.e_phnum, fileSize);
  if (!segments) return cutShort("a table of segments", fileSize);
  for (auto const& each : *segments) {
    if (!fits(each.p_offset, each.p_filesz, fileSize)) return cutShort("a segment", fileSize);
  }
  return std::nullopt;
}

/// ld.so does not read sections; but their table is the last thing in a file, so that it tells a
/// file that was cut.
Check checkSections(int fd, Header const& header, std::uint64_t fileSize) {
  if (header.e_shoff == 0) return std::nullopt;
  if (header.e_shnum == 0 || header.e_shentsize != sizeof(Section)) {
    return Refusal{"no readable table of sections", wholeElf};
  }
  auto const sections = readTable<Section>(fd, header.e_shoff, header.e_shnum, fileSize);
  if (!sections) return cutShort("a table of sections", fileSize);
  for (auto const& each : *sections) {
    if (each.sh_type == SHT_NOBITS) continue;
    if (!fits(each.sh_offset, each.sh_size, fileSize)) return cutShort("a section", fileSize);
  }
  return std::nullopt;
}

}  // namespace

ElfKind hostElfKind() noexcept { return kindOf(__ehdr_start); }

Check checkElf(int fd, std::uint64_t fileSize, ElfKind const& host) {
  Header header{};
  if (fileSize < SELFMAG || !readExactly(fd, 0, header.e_ident, SELFMAG)) {
    return Refusal{"a file of " + std::to_string(fileSize) + " bytes", "an ELF shared object"};
  }
  auto const whole = fileSize >= sizeof header && readExactly(fd, 0, &header, sizeof header);
  if (!whole && std::memcmp(header.e_ident, ELFMAG, SELFMAG) == 0) {
    return cutShort("the ELF header", fileSize);
  }
  if (auto check = checkHeader(header, host)) return check;
  if (auto check = checkSegments(fd, header, fileSize)) return check;
  return checkSections(fd, header, fileSize);
}

}  // namespace kms_secretd::backends
