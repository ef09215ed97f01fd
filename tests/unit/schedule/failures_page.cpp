// SPDX-License-Identifier: Apache-2.0
#include "failures_page.hpp"

#include "failure_rows.hpp"

namespace schedule_test {
namespace {

std::string rowsOf(Peer peer) {
  std::string text;
  for (auto const& row : failureRows()) {
    if (row.peer != peer) continue;
    text += "| `" + row.kind + "` | ";
    text += row.when + " | ";
    text += waitRow(row.wait).words + " | ";
    text += wordsOf(row.effect, peer) + " |\n";
  }
  return text;
}

std::string table(Peer peer, std::string const& title, std::string const& others) {
  return "\n### " + title + "\n\n| kind | when | the target comes again after | " + others +
         " |\n|---|---|---|---|\n" + rowsOf(peer);
}

}  // namespace

std::string failuresTable() {
  return table(Peer::store, "A read fails", "others of the store") +
         table(Peer::cluster, "A write or a look at the cluster fails", "others of the cluster") +
         table(Peer::nobody, "Nothing failed, but nothing can be written", "others") + "\n";
}

}  // namespace schedule_test
