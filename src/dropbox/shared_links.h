// SPDX-License-Identifier: Apache-2.0
// Shared links (Dropbox HTTP API: sharing/list_shared_links, sharing/get_shared_link_metadata).
#pragma once

#include <string>

#include "dropbox/client.h"

namespace dbxes::dropbox {

// sharing/list_shared_links of the account, for files and folders in its root.
Pending<SharedLinkPage> ListSharedLinks(Client& client, const std::string& cursor);
// sharing/get_shared_link_metadata. A link that is gone or closed is kRejectedDocument.
Pending<LinkedFile> GetSharedLinkMetadata(Client& client, const std::string& url);

}  // namespace dbxes::dropbox
