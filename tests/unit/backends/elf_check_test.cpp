// SPDX-License-Identifier: Apache-2.0
#include <elf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>

#include "backends/elf_check.hpp"
#include "conformance/temporary_directory.hpp"

#include <CppUTest/TestHarness.h>

using namespace kms_secretd;  // NOLINT(google-build-using-namespace)

// Offsets of the 64-bit ELF header (elf(5)); on 32-bit hosts these tests have nothing to patch.
TEST_GROUP(ElfCheck) {
  std::string bytes = conformance::bytesOf(std::string(KMS_SECRETD_BAD_PLUGINS) + "/probe.so");

  std::string verdict(std::uint64_t claimed) const {
    auto const fd = ::memfd_create("elf", MFD_CLOEXEC);
    CHECK_EQUAL(static_cast<ssize_t>(bytes.size()), ::write(fd, bytes.data(), bytes.size()));
    auto const check = backends::checkElf(fd, claimed, backends::hostElfKind());
    ::close(fd);
    return check ? check->found : "passed";
  }
  std::string verdict() const { return verdict(bytes.size()); }

  template <class T>
  void patch(std::size_t offset, T value) {
    std::memcpy(bytes.data() + offset, &value, sizeof value);
  }
  Elf64_Ehdr header() const {
    Elf64_Ehdr found{};
    std::memcpy(&found, bytes.data(), sizeof found);
    return found;
  }
};

TEST(ElfCheck, PassesAWholePlugin) { STRCMP_EQUAL("passed", verdict().c_str()); }

TEST(ElfCheck, KnowsWhatTheDaemonItselfIs) {
  CHECK_EQUAL(sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32, backends::hostElfKind().fileClass);
}

TEST(ElfCheck, RefusesAnotherClassByteOrderOrMachine) {
  auto const whole = bytes;
  bytes[EI_CLASS] = ELFCLASS32;
  STRCMP_CONTAINS("ELF class 1", verdict().c_str());
  bytes = whole;
  bytes[EI_DATA] = ELFDATA2MSB;
  STRCMP_CONTAINS("byte order 2", verdict().c_str());
  bytes = whole;
  patch<std::uint16_t>(offsetof(Elf64_Ehdr, e_machine), 0x1234);
  STRCMP_CONTAINS("machine 4660", verdict().c_str());
}

TEST(ElfCheck, RefusesWhatIsNoSharedObject) {
  patch<std::uint16_t>(offsetof(Elf64_Ehdr, e_type), ET_EXEC);
  STRCMP_EQUAL("ELF type 2", verdict().c_str());
}

TEST(ElfCheck, RefusesTablesBeyondTheEndEvenWhereTheSumWraps) {
  auto const whole = bytes;
  for (auto const offset : {std::uint64_t{0xFFFFFFFFFFFFFFF0}, std::uint64_t{bytes.size()}}) {
    patch(offsetof(Elf64_Ehdr, e_phoff), offset);
    STRCMP_CONTAINS("a table of segments beyond the end of the file", verdict().c_str());
    bytes = whole;
    patch(offsetof(Elf64_Ehdr, e_shoff), offset);
    STRCMP_CONTAINS("a table of sections beyond the end of the file", verdict().c_str());
    bytes = whole;
  }
}

TEST(ElfCheck, RefusesTablesOfAnotherShape) {
  auto const whole = bytes;
  patch<std::uint16_t>(offsetof(Elf64_Ehdr, e_phentsize), 1);
  STRCMP_EQUAL("no readable table of segments", verdict().c_str());
  bytes = whole;
  patch<std::uint16_t>(offsetof(Elf64_Ehdr, e_phnum), 0);
  STRCMP_EQUAL("no readable table of segments", verdict().c_str());
  bytes = whole;
  patch<std::uint16_t>(offsetof(Elf64_Ehdr, e_shentsize), 1);
  STRCMP_EQUAL("no readable table of sections", verdict().c_str());
  bytes = whole;
  patch<std::uint16_t>(offsetof(Elf64_Ehdr, e_phnum), 0xFFFF);
  CHECK_TRUE(verdict() != "passed");
}

TEST(ElfCheck, RefusesASegmentOrSectionThatEndsBeyondTheFile) {
  auto const whole = bytes;
  patch(header().e_phoff + offsetof(Elf64_Phdr, p_filesz), ~std::uint64_t{0});
  STRCMP_CONTAINS("a segment beyond the end", verdict().c_str());
  bytes = whole;
  patch(header().e_shoff + sizeof(Elf64_Shdr) + offsetof(Elf64_Shdr, sh_size), ~std::uint64_t{0});
  STRCMP_CONTAINS("a section beyond the end", verdict().c_str());
}

TEST(ElfCheck, PassesALibraryWhoseTableOfSectionsWasStripped) {
  patch(offsetof(Elf64_Ehdr, e_shoff), std::uint64_t{0});
  STRCMP_EQUAL("passed", verdict().c_str());
}

TEST(ElfCheck, RefusesAFileThatShrankWhileItWasExamined) {
  auto const claimed = bytes.size();
  bytes.resize(40);
  STRCMP_CONTAINS("the ELF header beyond the end", verdict(claimed).c_str());
}

TEST(ElfCheck, BearsGarbageBehindAnElfHeader) {
  std::minstd_rand random(20260901);  // NOLINT: the same garbage each time
  auto const whole = bytes;
  for (int round = 0; round < 2000; ++round) {
    bytes = whole.substr(0, 4096);
    for (std::size_t at = 24; at < 400; ++at) {
      if (random() % 4 == 0) bytes[at] = static_cast<char>(random() % 256);
    }
    CHECK_FALSE(verdict().empty());
  }
}
