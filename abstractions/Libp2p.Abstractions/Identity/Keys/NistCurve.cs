using System.Security.Cryptography;

namespace Libp2p;

/// <summary>The curves that ECDSA keys may be of.</summary>
/// <param name="Curve">The platform's name of it.</param>
/// <param name="Width">Bytes of a coordinate and of a scalar.</param>
internal readonly record struct NistCurve(ECCurve Curve, int Width)
{
    /// <exception cref="KeyFormatException">Another curve.</exception>
    public static NistCurve Find(string oid) => oid switch
    {
        "1.2.840.10045.3.1.7" => new(ECCurve.NamedCurves.nistP256, 32),
        "1.3.132.0.34" => new(ECCurve.NamedCurves.nistP384, 48),
        "1.3.132.0.35" => new(ECCurve.NamedCurves.nistP521, 66),
        _ => throw new KeyFormatException($"The curve {oid} is not among P-256, P-384 and P-521."),
    };

    /// <exception cref="ArgumentOutOfRangeException">Another number than 256, 384 and 521.</exception>
    public static NistCurve Of(int bits) => bits switch
    {
        256 => Find("1.2.840.10045.3.1.7"),
        384 => Find("1.3.132.0.34"),
        521 => Find("1.3.132.0.35"),
        _ => throw new ArgumentOutOfRangeException(nameof(bits), bits, "ECDSA keys are of 256, 384 or 521 bits."),
    };

    /// <summary>Splits an uncompressed point; whether it is on the curve is the importer's to say.</summary>
    /// <exception cref="KeyFormatException">Another encoding, or of another width.</exception>
    public ECPoint ReadPoint(ReadOnlySpan<byte> encoded) => encoded.Length == 1 + (2 * Width) && encoded[0] == 4
        ? new() { X = encoded.Slice(1, Width).ToArray(), Y = encoded[(1 + Width)..].ToArray() }
        : throw new KeyFormatException("The ECDSA key is not an uncompressed point of its curve.");
}
