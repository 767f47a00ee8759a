// SPDX-License-Identifier: Apache-2.0
// Documents that somebody else has changed since dbx-es wrote them (elastic/version_stamp.h). Only
// these are read as a whole: a program that adds fields of its own to documents must not make each
// full sync write all of them again, and what it did to those of dbx-es must not stay.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "documents/document.h"
#include "elastic/multi_get.h"

namespace dbxes::sync {

// Finds out whether the lists of those documents are the ones that their fingerprints were made
// of (`list_is_ours`). `ids`: of `stored`. One request, if there is any such document.
Result<void> VerifyLists(elastic::MultiGet& lookup, const std::vector<std::string_view>& ids,
                         elastic::StoredDocuments& stored);

// A document as it should be, and as the index answered it.
struct DoubtfulDocument {
  const documents::Draft& draft;
  elastic::StoredDocument& stored;
};
// The same for documents that somebody else has changed, and finds out which of them are as they
// should be: these count as ours again (`version.is_ours`). Their texts are not compared; where the
// lookup doubts them, a document without the text of its fingerprint loses that. One that dbx-es
// never wrote in this index is none of them: it is written, so that it has a number.
Result<void> VerifyDocuments(elastic::MultiGet& lookup, const documents::DocumentBuilder& builder,
                             const std::vector<DoubtfulDocument>& documents);

}  // namespace dbxes::sync
