import "/static/dom.js";
