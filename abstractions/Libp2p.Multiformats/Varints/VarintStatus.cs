namespace Libp2p.Multiformats;

/// <summary>How reading an unsigned varint went.</summary>
public enum VarintStatus
{
    /// <summary>A value was read.</summary>
    Done,

    /// <summary>Every byte so far asks for another one.</summary>
    NeedMoreData,

    /// <summary>The last byte is zero and not the only one: the value has a shorter form, which is the only valid one.</summary>
    Overlong,

    /// <summary>The ninth byte asks for another one: more than 63 bits.</summary>
    TooLong,
}
