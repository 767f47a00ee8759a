// SPDX-License-Identifier: Apache-2.0
// The Cloud ID of a deployment in Elastic Cloud.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace dbxes::config {

// "NAME:BASE64", where BASE64 is "DOMAIN[:PORT]$UUID[:PORT]$...": to "https://UUID.DOMAIN[:PORT]",
// like Elastic's clients. kConfig with half a sentence for anything else.
Result<std::string> UrlOfCloudId(std::string_view cloud_id);

}  // namespace dbxes::config
