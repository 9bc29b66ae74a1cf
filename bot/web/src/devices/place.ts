export interface Place {
  lat: number;
  lon: number;
  /** Radius of uncertainty in metres. */
  metres: number;
}

export type PlaceTrouble = "unsupported" | "denied" | "unavailable";

/** Ask the browser where it is (WGS-84); rejects with a PlaceTrouble the page has words for. */
export function findPlace(): Promise<Place> {
  return new Promise((resolve, reject: (trouble: PlaceTrouble) => void) => {
    if (!("geolocation" in navigator)) {
      reject("unsupported");
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lat: coords.latitude, lon: coords.longitude, metres: Math.round(coords.accuracy) }),
      (error) => reject(error.code === error.PERMISSION_DENIED ? "denied" : "unavailable"),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    );
  });
}
