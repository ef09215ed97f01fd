// SPDX-License-Identifier: Apache-2.0
#include "config/source_text.hpp"

#include <algorithm>
#include <fstream>
#include <optional>
#include <system_error>

namespace kms_secretd::config {

namespace fs = std::filesystem;

namespace {

void wholeFile(Findings& findings, fs::path const& path, std::string what, std::string hint) {
  findings.error({.file = path.string()}, std::move(what), std::move(hint));
}

/// Why an inline secret in this file would be open to others; empty if it would not.
std::string inlineRefusal(fs::path const& path, OwnerTrusted const& ownerTrusted) {
  std::error_code error;
  auto const mode = fs::status(path, error).permissions();
  if (error || (mode & (fs::perms::others_read | fs::perms::others_write)) != fs::perms::none) {
    return "everybody on this host can read or write the file: chmod 0640 it";
  }
  if (!ownerTrusted(path)) return "the file belongs neither to root nor to the daemon's user";
  return {};
}

/// Says why `path` cannot be a configuration file; false if it can.
bool refused(fs::path const& path, Findings& findings) {
  std::error_code error;
  auto const status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) {
    wholeFile(findings, path, "there is no such file", "create it or name another with --config");
  } else if (error) {
    wholeFile(findings, path, "cannot be looked at: " + error.message(),
              "let the daemon's user read it and enter its directories");
  } else if (status.type() != fs::file_type::regular) {
    wholeFile(findings, path, "is not a regular file", "put a TOML file in its place");
  } else if (fs::file_size(path, error) > maxFileBytes && !error) {
    wholeFile(findings, path, "is larger than 4 MiB", "split it into several files in conf.d");
  } else {
    return false;
  }
  return true;
}

/// The bytes, at most one more than allowed; nothing if it cannot be read.
std::optional<std::string> bytesOf(fs::path const& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return std::nullopt;
  std::string text(maxFileBytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad()) return std::nullopt;
  text.resize(static_cast<std::size_t>(stream.gcount()));
  text.shrink_to_fit();
  return text;
}

void readOne(fs::path const& path, OwnerTrusted const& ownerTrusted, Findings& findings,
             std::vector<SourceText>& sources) {
  if (refused(path, findings)) return;
  auto text = bytesOf(path);
  if (!text) {
    wholeFile(findings, path, "cannot be read", "let the daemon's user read it");
    return;
  }
  sources.push_back({path.string(), std::move(*text), inlineRefusal(path, ownerTrusted)});
}

bool isFragment(fs::path const& path) {
  auto const name = path.filename().string();
  return name.ends_with(".toml") && !name.starts_with(".");
}

std::vector<fs::path> fragmentsIn(fs::path const& directory, Findings& findings) {
  std::vector<fs::path> paths;
  std::error_code error;
  if (!fs::exists(directory, error) && !error) return paths;
  fs::directory_iterator entries(directory, error);
  for (; !error && entries != fs::directory_iterator{}; entries.increment(error)) {
    if (isFragment(entries->path())) paths.push_back(entries->path());
  }
  if (error) {
    wholeFile(findings, directory, "cannot be listed: " + error.message(),
              "it must be a directory that the daemon's user can read");
  }
  std::ranges::sort(paths);
  return paths;
}

}  // namespace

std::vector<SourceText> readSources(fs::path const& mainFile, OwnerTrusted const& ownerTrusted,
                                    Findings& findings) {
  std::vector<SourceText> sources;
  readOne(mainFile, ownerTrusted, findings, sources);
  auto const directory = mainFile.parent_path() / "conf.d";
  auto const fragments = fragmentsIn(directory, findings);
  if (fragments.size() > maxFiles) {
    wholeFile(findings, directory, "holds more than " + std::to_string(maxFiles) + " files",
              "put several secrets into one file");
    return sources;
  }
  for (auto const& path : fragments) readOne(path, ownerTrusted, findings, sources);
  return sources;
}

}  // namespace kms_secretd::config
