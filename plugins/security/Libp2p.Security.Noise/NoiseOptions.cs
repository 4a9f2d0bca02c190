namespace Libp2p.Security.Noise;

/// <summary>Options of the Noise channel; section <c>Libp2p:Plugins:noise</c>.</summary>
public sealed class NoiseOptions : IValidatableOptions
{
    /// <summary>The highest <see cref="MaxEarlyMuxers"/>.</summary>
    internal const int MostEarlyMuxers = 100;

    private const int MostProvenKeys = 1024 * 1024;
    private const int LeastUnread = 128 * 1024;
    private const int MostUnread = 1024 * 1024 * 1024;

    /// <summary>Whether the muxer is chosen within the handshake, which saves a round trip. Default true.</summary>
    public bool EarlyMuxerNegotiation { get; set; } = true;

    /// <summary>How many muxers a remote may offer in the handshake; one that offers more is refused. From 1 to 100; default 100.</summary>
    public int MaxEarlyMuxers { get; set; } = MostEarlyMuxers;

    /// <summary>
    /// How many decrypted bytes a reader may leave unconsumed while it asks for more. Beyond it the connection fails. From 128 KiB to 1 GiB; default 16 MiB.
    /// </summary>
    public int MaxUnconsumedBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>
    /// How many proven identities are remembered by their static Noise keys: one that connects again within the life of its process need not be checked again. About 800 bytes each with Ed25519. From 0 (none)
    /// to 1,048,576; default 1,024.
    /// </summary>
    public int MaxProvenKeys { get; set; } = 1024;

    /// <inheritdoc/>
    public IEnumerable<string> Validate()
    {
        if (MaxEarlyMuxers is < 1 or > MostEarlyMuxers)
        {
            yield return $"{nameof(MaxEarlyMuxers)} is {MaxEarlyMuxers}; give a number from 1 to {MostEarlyMuxers}, or set {nameof(EarlyMuxerNegotiation)} to false.";
        }

        if (MaxProvenKeys is < 0 or > MostProvenKeys)
        {
            yield return $"{nameof(MaxProvenKeys)} is {MaxProvenKeys}; give a number from 0 (none) to {MostProvenKeys}.";
        }

        if (MaxUnconsumedBytes is < LeastUnread or > MostUnread)
        {
            yield return $"{nameof(MaxUnconsumedBytes)} is {MaxUnconsumedBytes}; give a number of bytes from {LeastUnread} to {MostUnread}.";
        }
    }
}
