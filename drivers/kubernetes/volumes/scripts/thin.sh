# Removes recovery points, named in POINTS with blanks between them.
P=/mnt/points
for point in $POINTS; do
  if [ -d "$P/$point" ]; then mv "$P/$point" "$P/.gone-$point"; fi
  rm -rf "$P/.gone-$point" "$P/.new-$point" "$P/.building-$point"
done
