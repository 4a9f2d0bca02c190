namespace Libp2p.Multiformats;

/// <summary>Standing of a code in the multicodec registry.</summary>
public enum MulticodecStatus : byte
{
    /// <summary>Registered, may still change.</summary>
    Draft,

    /// <summary>Widely used, will not change.</summary>
    Permanent,

    /// <summary>Not to be used any more.</summary>
    Deprecated,
}
