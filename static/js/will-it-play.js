// Says before anybody pays whether the film will play in this browser: yes; no, and the way there; or that it cannot
// tell. It says something within 300 ms, and a late answer of the browser takes its place. It never stops a purchase.

const PATIENCE = 300
const APP = /KAKAOTALK|NAVER\(inapp|DaumApps|Instagram|FBA[NV]|FB_IAB|\bLine\/|MicroMessenger|musical_ly|BytedanceWebview|; wv\)/
const APPLE_APP = /\((iPhone|iPad|iPod)(?!.*Safari\/)/
const NEVER_KOLLUS = /X11|CrOS/ // Kollus makes players for Windows, macOS, Android and iOS
const VIDEO = 'video/mp4; codecs="avc1.42E01E"'
const WANTED = [{ initDataTypes: ["cenc", "sinf", "keyids"], videoCapabilities: [{ contentType: VIDEO }] }]

// The name of the sentence for what was seen of a browser.
export function judge(seen) {
  if (seen.protection === "kollus") return NEVER_KOLLUS.test(seen.user_agent) ? "no-player" : "install"
  const yes = /\(iPhone|\(iPod/.test(seen.user_agent) ? "yes-phone" : "yes"
  if (seen.protection === "none") return seen.plays_mp4 ? yes : "no-video"
  if (seen.is_delegated === false) return "no-frame"
  if (!seen.is_secure) return "no-https"
  if (seen.answer === "weak") return "no-display"
  if (seen.answer === "" || seen.answer === "untold") return "unknown"
  const isApple = /\((iPhone|iPad|iPod|Macintosh).*AppleWebKit\/60/.test(seen.user_agent)
  if (APP.test(seen.user_agent) || APPLE_APP.test(seen.user_agent)) {
    return seen.answer === "yes" || isApple ? "unknown" : "no-app"
  }
  if (seen.answer === "yes") return yes
  return isApple || seen.has_own_keys ? "unknown" : "no-keys"
}

class WillItPlay extends HTMLElement {
  async connectedCallback() {
    const seen = look(this.getAttribute("protection"))
    const late = setTimeout(() => this.#say(judge(seen)), PATIENCE)
    seen.answer = await ask(this.getAttribute("key-systems").split(" "), this.getAttribute("hdcp"))
    clearTimeout(late)
    this.#say(judge(seen))
  }

  #say(verdict) {
    for (const each of this.children) each.toggleAttribute("data-shown", each.dataset.verdict === verdict)
  }
}

function look(protection) {
  return {
    protection,
    user_agent: navigator.userAgent,
    answer: "",
    is_secure: isSecureContext,
    is_delegated: document.featurePolicy?.allowsFeature("encrypted-media") ?? null,
    plays_mp4: Boolean(document.createElement("video").canPlayType?.(VIDEO)),
    has_own_keys: "WebKitMediaKeys" in window,
  }
}

// "yes" with the first key system that the browser has, "no" where it has none of them, "missing" where it cannot be
// asked. Where the licence demands something of the display: "weak" for less than that, "untold" where none can tell.
async function ask(systems, hdcp) {
  if (!navigator.requestMediaKeySystemAccess) return "missing"
  const asked = systems.map((system) => navigator.requestMediaKeySystemAccess(system, WANTED))
  return Promise.any(asked).then((access) => (hdcp ? askDisplay(access, hdcp) : "yes"), () => "no")
}

async function askDisplay(access, minHdcpVersion) {
  try {
    const status = await (await access.createMediaKeys()).getStatusForPolicy({ minHdcpVersion })
    return { usable: "yes", "output-restricted": "weak" }[status] ?? "untold"
  } catch {
    return "untold"
  }
}

customElements.define("will-it-play", WillItPlay)
