// SPDX-License-Identifier: Apache-2.0
#include "emulator/kms/errors.hpp"

namespace kms_secretd::emulator {

boost::json::object errorBody(const ApiError& error, const std::string& requestId,
                              const std::string& hostId) {
  if (error.form == ErrorForm::kms) {
    return {{"HttpStatus", error.status},
            {"Code", error.code},
            {"Message", error.message},
            {"RequestId", requestId}};
  }
  const std::string advice =
      "https://error-center.aliyun.com/status/search?Keyword=" + error.code + "&source=PopGw";
  return {{"RequestId", requestId},
          {"HostId", hostId},
          {"Code", error.code},
          {"Message", error.message},
          {"Recommend", advice}};
}

}  // namespace kms_secretd::emulator
