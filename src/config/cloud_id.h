// SPDX-License-Identifier: Apache-2.0
// Elastic Cloud's name for a deployment.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace dbxes::config {

// "NAME:BASE64", where BASE64 is "DOMAIN[:PORT]$UUID[:PORT]$...": to "https://UUID.DOMAIN[:PORT]",
// as Elastic's clients do it. kConfig with half a sentence for anything else.
Result<std::string> UrlOfCloudId(std::string_view cloud_id);

}  // namespace dbxes::config
