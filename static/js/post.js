// Posts an answer to the application that it is for. Without this script its button does.
"use strict";

document.getElementById("answer").submit();
