using System.ComponentModel;
using System.Globalization;

namespace Libp2p.Multiformats;

/// <summary>Converts a <see cref="Cid"/> from and to text, so that configuration binds to it.</summary>
public sealed class CidTypeConverter : TypeConverter
{
    /// <inheritdoc/>
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

    /// <inheritdoc/>
    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is string text ? Cid.Parse(text) : base.ConvertFrom(context, culture, value);

    /// <inheritdoc/>
    public override object? ConvertTo(ITypeDescriptorContext? context, CultureInfo? culture, object? value, Type destinationType) =>
        value is Cid cid && destinationType == typeof(string) ? cid.ToString() : base.ConvertTo(context, culture, value, destinationType);
}
