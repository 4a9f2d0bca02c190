namespace Libp2p.Protocols.Identify;

/// <summary>Bounds of messages, either way.</summary>
internal static class IdentifyLimits
{
    /// <summary>Most bytes of one part that is read; a longer one breaks the protocol.</summary>
    public const int PartRead = 8 * 1024;

    /// <summary>Most parts of a message that are read; more break the protocol.</summary>
    public const int PartsRead = 10;

    /// <summary>Most protocols that are kept; the rest is cut off.</summary>
    public const int Protocols = 1024;

    /// <summary>Most listen addresses that are kept; the rest is cut off.</summary>
    public const int Addresses = 500;

    /// <summary>Most bytes of one part that is sent, its length in front not counted.</summary>
    public const int PartSent = 4 * 1024;

    /// <summary>Most bytes of a signed record that is sent, so that it fits a part with room to spare.</summary>
    public const int RecordSent = 3 * 1024;

    /// <summary>Most bytes of a version text.</summary>
    public const int VersionBytes = 1024;

    /// <summary>Networks whose pushes are counted at once; when they are too many, those that have been quiet long enough are forgotten.</summary>
    public const int Networks = 4096;
}
