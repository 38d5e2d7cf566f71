// What the page loads once a study asks for a map.

export { MapFields } from "./map-fields.tsx";
export { MapView } from "./map-view.tsx";
