// SPDX-License-Identifier: Apache-2.0
#include "report/journal_sink.hpp"

#include "platform/journal.hpp"

namespace kms_secretd::report {

void JournalSink::write(LogRecord const& record) noexcept {
  auto const& row = rowOf(record.event);
  std::vector<std::string> fields{
      "MESSAGE=" + record.message,
      "PRIORITY=" + std::to_string(static_cast<int>(record.severity)),
      "MESSAGE_ID=" + std::string(row.messageId),
      "KMS_SECRETD_EVENT=" + std::string(row.name),
      "SYSLOG_IDENTIFIER=kms-secretd",
  };
  for (auto const& field : record.fields) {
    fields.push_back(std::string(field.name).append("=").append(field.value));
  }
  platform::sendToJournal(fields);
}

}  // namespace kms_secretd::report
