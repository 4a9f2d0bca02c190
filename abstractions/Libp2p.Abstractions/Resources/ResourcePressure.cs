namespace Libp2p;

/// <summary>How full the fullest budget of a node is (bytes, descriptors, connections), and what is done about it.</summary>
public enum ResourcePressure
{
    /// <summary>Less than 40 %.</summary>
    None,

    /// <summary>40 % and more: windows do not grow, and those that grew shrink; pools are emptied.</summary>
    Shrink,

    /// <summary>60 % and more: also, optional work is refused.</summary>
    RefuseOptional,

    /// <summary>80 % and more: also, the connections of least value are closed, one after another.</summary>
    Evict,
}
